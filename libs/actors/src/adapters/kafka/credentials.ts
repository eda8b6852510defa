/** Tokens for MSK with IAM. The signer is loaded when it is needed: it brings a part of the AWS SDK with it. */

export interface Signer {
  generateAuthToken(options: { readonly region: string }): Promise<{ readonly token: string }>;
}

const loadSigner = async (): Promise<Signer> => import('aws-msk-iam-sasl-signer-js');

/** @returns gives a fresh token for each authentication; it is valid for 15 minutes */
export function mskTokens(region: string, load: () => Promise<Signer> = loadSigner): () => Promise<string> {
  return async () => {
    const signer = await load();
    return (await signer.generateAuthToken({ region })).token;
  };
}
