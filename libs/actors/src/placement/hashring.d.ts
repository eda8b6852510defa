declare module 'hashring' {
  /** Only what is used of it. */
  export default class HashRing {
    constructor(servers: Record<string, { vnodes: number }>);
    get(key: string): string | undefined;
  }
}
