/** CPU time of this process and wall time, summed over the parts that count. */
export class Stopwatch {
  wallMs = 0;
  cpuUs = 0;
  #started = 0;
  #usage = process.cpuUsage();

  start(): void {
    this.#usage = process.cpuUsage();
    this.#started = performance.now();
  }

  stop(): void {
    this.wallMs += performance.now() - this.#started;
    const { user, system } = process.cpuUsage(this.#usage);
    this.cpuUs += user + system;
  }
}
