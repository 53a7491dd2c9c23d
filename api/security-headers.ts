import type { FastifyHelmetOptions } from '@fastify/helmet';
import type { Config } from '../config/model.ts';
import { DAY, SECOND } from '../lib/time.ts';

/**
 * What browsers are told with every answer: only this service's own files run, nobody may frame
 * it, nothing is sniffed, nothing about it leaks in Referer. HSTS only where the console is
 * reached over TLS.
 */
export function securityHeaders(config: Config): FastifyHelmetOptions {
  return {
    global: true,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        formAction: ["'self'"],
        requireTrustedTypesFor: ["'script'"],
      },
    },
    strictTransportSecurity: config.service.consoleUrl.startsWith('https://')
      ? { maxAge: (365 * DAY) / SECOND, includeSubDomains: false }
      : false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  };
}
