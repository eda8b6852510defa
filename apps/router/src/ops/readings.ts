/** Metrics whose numbers others keep: they are read when somebody asks. */
import { Counter, Gauge, type Registry } from 'prom-client';

/** Name, without what all names begin with, and help for each number. */
export type Readings<T> = Readonly<Record<keyof T, readonly [name: string, help: string]>>;
export type Numbers<T> = Readonly<Record<keyof T, number>>;

/** @param read called once for each number */
export function addCounters<T>(registry: Registry, prefix: string, readings: Readings<T>, read: () => Numbers<NoInfer<T>>): void {
  for (const key of Object.keys(readings) as (keyof T)[]) {
    const [name, help] = readings[key];
    new Counter({
      name: prefix + name,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(read()[key]);
      },
    });
  }
}

/** @param read called once for each number */
export function addGauges<T>(registry: Registry, prefix: string, readings: Readings<T>, read: () => Numbers<NoInfer<T>>): void {
  for (const key of Object.keys(readings) as (keyof T)[]) {
    const [name, help] = readings[key];
    new Gauge({
      name: prefix + name,
      help,
      registers: [registry],
      collect() {
        this.set(read()[key]);
      },
    });
  }
}
