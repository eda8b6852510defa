/** Logs as JSON on stderr, Nest's own among them. No tokens, no nicknames, no answers: what is logged are ids, numbers and names of errors. */
import type { LoggerService } from '@nestjs/common';
import { destination, pino, type Logger } from 'pino';

const STDERR = 2;

/** `sync`: a line is out before the process can die of what it tells. */
export function createLogger(level: string, nodeName: string): Logger {
  return pino({ level, base: { program: 'quiz-node', node: nodeName } }, destination({ dest: STDERR, sync: true }));
}

/** Nest speaks through our logger. Its start-up chatter is debug. */
export function nestLogger(logger: Logger): LoggerService {
  const about = (params: readonly unknown[]): object => ({ context: params.at(-1) });
  return {
    log: (message: unknown, ...params: unknown[]) => logger.debug(about(params), String(message)),
    error: (message: unknown, ...params: unknown[]) => logger.error({ ...about(params), stack: params[0] }, String(message)),
    warn: (message: unknown, ...params: unknown[]) => logger.warn(about(params), String(message)),
    debug: (message: unknown, ...params: unknown[]) => logger.trace(about(params), String(message)),
    verbose: (message: unknown, ...params: unknown[]) => logger.trace(about(params), String(message)),
    fatal: (message: unknown, ...params: unknown[]) => logger.fatal(about(params), String(message)),
  };
}
