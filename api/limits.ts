import { MINUTE, SECOND } from '../lib/time.ts';

/** Bounds on what a client may send and hold. Each one answers with a problem, never with a crash. */

export const LARGEST_BODY_BYTES = 64 * 1024;
/** Objects and arrays inside each other in a request body. */
export const DEEPEST_JSON = 16;
/** Alerts in one request of Prometheus or Alertmanager. */
export const LARGEST_ALERTS_BYTES = 4 * 1024 * 1024;
/** Alerts of all requests that wait to be safe on disk. */
export const MOST_WAITING_ALERTS = 10_000;
export const LONGEST_URL_BYTES = 4 * 1024;
export const LARGEST_HEADERS_BYTES = 16 * 1024;
/** A token of an acknowledge link is the longest. */
export const LONGEST_PATH_PARAMETER = 400;

/** From the first octet of a request to its last. */
export const REQUEST_TIMEOUT_MS = 15 * SECOND;
export const HEADERS_TIMEOUT_MS = 10 * SECOND;
/** Without any octet in either direction; the event stream stays alive by its pings. */
export const IDLE_CONNECTION_TIMEOUT_MS = MINUTE;
export const KEEP_ALIVE_TIMEOUT_MS = 75 * SECOND;
export const MOST_CONNECTIONS = 2000;

export const LARGEST_PAGE = 1000;
export const USUAL_PAGE = 100;
/** Resolved incidents looked up in the journal for one request; the cursor leads on from there. */
export const MOST_ARCHIVE_READS = 200;
export const MOST_TIMELINE_ENTRIES = 1000;
export const MOST_INBOX_MESSAGES = 200;
/** Devices listed by name as hanging on another; how many there are is counted without a bound. */
export const MOST_DEPENDENTS = 1000;
/** Faults of one incident that are listed; how many there are is told. */
export const MOST_MEMBERS = 200;
export const LONGEST_NOTE = 2000;
export const LONGEST_REASON = 500;
export const LONGEST_NAME = 120;
export const MOST_ACTIONS = 50;
export const MOST_MATCHERS = 20;

/** Scrapes of everything at once; each holds the lines of all devices until it is read. */
export const MOST_SCRAPES = 16;
/** Longer than any scrape interval that is still of use. */
export const LONGEST_SCRAPE_MS = 2 * MINUTE;

export const MOST_STREAM_CLIENTS = 200;
/** Octets waiting for a client that does not read; beyond it the client is dropped. */
export const LARGEST_STREAM_BACKLOG_BYTES = 256 * 1024;
/** Journal entries replayed to a client that comes back; beyond it the client is told to load again. */
export const MOST_RESUMED_ENTRIES = 1000;
export const STREAM_PING_MS = 15 * SECOND;
export const STREAM_RETRY_MS = 2 * SECOND;
