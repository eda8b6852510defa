/** Where keys of hosts come from: the environment's one key, or a file of many, or both. */
import { KeyFile, KeysError, localKey, type ApiKey } from './api-keys.js';

export interface KeySettings {
  readonly hostApiKey: string | undefined;
  readonly apiKeysFile: string | undefined;
}

/** @throws KeysError, when there is no key at all, or the file cannot be used */
export function keySource({ hostApiKey, apiKeysFile }: KeySettings, complain: (message: string) => void): () => readonly ApiKey[] {
  if (hostApiKey === undefined && apiKeysFile === undefined) {
    throw new KeysError('nobody could use this node: set HOST_API_KEY (at least 16 characters), or API_KEYS_FILE (a JSON file: [{id, sha256, owner, scopes}])');
  }
  const own = hostApiKey === undefined ? [] : [localKey(hostApiKey)];
  if (apiKeysFile === undefined) return () => own;
  const file = new KeyFile(apiKeysFile, complain);
  return () => [...own, ...file.current()];
}
