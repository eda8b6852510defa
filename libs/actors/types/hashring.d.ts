// The part of hashring 3 that placement uses; the package ships no types.
declare module 'hashring' {
  class HashRing {
    /** `nodes`: by node name, `vnodes` = the points that the node has on the ring. */
    constructor(nodes?: Readonly<Record<string, { readonly vnodes: number }>>, algorithm?: 'md5' | 'sha1' | 'sha256');
    /** The node that owns `key`; undefined when the ring is empty. */
    get(key: string): string | undefined;
    /** Up to `size` distinct nodes in ring order, the owner first. */
    range(key: string, size?: number, unique?: boolean): string[];
    has(node: string): boolean;
  }
  // How TypeScript spells the CommonJS `module.exports = HashRing`.
  export = HashRing;
}
