import { type Logger as PinoLogger, pino } from 'pino';

/** The program's log. One JSON object an event; names and texts from outside go in fields, never in the message. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error' | 'child'>;

/** Fields whose value never reaches the log, wherever they occur near the top of an object. */
const SECRET_FIELDS = [
  'community',
  'password',
  'secret',
  'token',
  'authorization',
  'authKey',
  'privKey',
  'url',
];

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Lines for a person at a terminal instead of JSON. */
  readonly pretty: boolean;
}

/** A logger to standard output; values of secret fields are replaced before anything is written. */
export function createLogger(options: LogOptions): Logger {
  return pino({
    level: options.level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: SECRET_FIELDS.flatMap((name) => [name, `*.${name}`]), censor: '<secret>' },
    ...(options.pretty
      ? {
          transport: {
            target: 'pino-pretty',
            options: { translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname' },
          },
        }
      : {}),
  });
}

export const silentLogger: Logger = createLogger({ level: 'silent', pretty: false });
