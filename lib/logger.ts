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

const REDACTION = {
  paths: SECRET_FIELDS.flatMap((name) => [name, `*.${name}`]),
  censor: '<secret>',
};

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogOptions {
  readonly level: LogLevel;
  /** Lines for a person at a terminal instead of JSON. */
  readonly pretty: boolean;
}

/** A logger to standard output; values of secret fields are replaced before anything is written. */
export function createLogger(options: LogOptions): Logger {
  return pino({
    level: options.level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: REDACTION,
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

/** A logger that hands each line, a JSON object with its level and `msg`, to `write`; redacted in the same way. */
export function createLineLogger(level: LogLevel, write: (line: string) => void): Logger {
  return pino({ level, base: null, timestamp: false, redact: REDACTION }, { write });
}

export const silentLogger: Logger = createLogger({ level: 'silent', pretty: false });
