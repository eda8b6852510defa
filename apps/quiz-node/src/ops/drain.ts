/**
 * The planned end of the process: hand over what is owned, say what is gathered, close the store. Owns the order of these steps and the time that they may
 * take; a step that hangs does not keep the process alive.
 */
export interface DrainSteps {
  /** No new requests or links. */
  readonly stopAccepting: () => Promise<void> | void;
  /** Nothing is owned afterwards; what was durable has been answered. */
  readonly handOver: () => Promise<void>;
  readonly closeLinks: () => void;
  readonly closeStore: () => Promise<void>;
}

export interface DrainPorts {
  /** Calls `fn` once, `ms` from now, whatever else the process does. @returns cancels. */
  readonly after: (ms: number, fn: () => void) => () => void;
  readonly note: (event: string, about: Readonly<Record<string, unknown>>) => void;
  /** Ends the process without asking anybody: `process.exit` has been seen to hang. */
  readonly kill: () => void;
  readonly exit: (code: number) => void;
}

/** How long an orderly exit may take before the process is killed, ms. */
const EXIT_MS = 1_000;

/** @returns starts the drain; a second call does nothing. */
export function drainer(steps: DrainSteps, ports: DrainPorts, drainMs: number): (why: string) => void {
  let begun = false;
  const end = (code: number): void => {
    ports.after(EXIT_MS, ports.kill);
    ports.exit(code);
  };
  return (why) => {
    if (begun) return;
    begun = true;
    ports.note('drain begins', { why });
    const cancel = ports.after(drainMs, () => {
      ports.note('drain took too long', { drainMs });
      end(1);
    });
    void run(steps).then(
      () => {
        cancel();
        ports.note('drained', {});
        end(0);
      },
      (error: unknown) => {
        cancel();
        ports.note('drain failed', { error: error instanceof Error ? error.message : String(error) });
        end(1);
      },
    );
  };
}

async function run({ stopAccepting, handOver, closeLinks, closeStore }: DrainSteps): Promise<void> {
  await stopAccepting();
  await handOver();
  closeLinks();
  await closeStore();
}
