/** A mistake a programmer could make: one text of one file, replaced when the file is loaded. */
export interface CrashBug {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** Mistakes that only a kill shows: each must be found within one round. */
export const CRASH_BUGS: readonly CrashBug[] = [
  {
    name: 'pages are sent before they are on record',
    file: 'alerting/engine-shell.ts',
    from: '    if (result.events.length > 0) await this.#record(result.events);',
    to: `    for (const event of result.events) apply(this.state, event);
    for (const listener of this.#listeners) this.#tell(listener, []);
    await new Promise((resolve) => setTimeout(resolve, 200));
    if (result.events.length > 0) await this.#options.journal.append(result.events.map(toEntry));`,
  },
  {
    name: 'an alert is answered before it is on record',
    file: 'alerting/engine-shell.ts',
    from: 'this.#enqueue({ input, settle: () => resolve(), fail });',
    to: 'resolve(); setTimeout(() => this.#enqueue({ input, settle: null, fail }), 200);',
  },
  {
    name: 'commits are put off until there are several',
    file: 'storage/sqlite-journal.ts',
    from: "writer.exec('BEGIN IMMEDIATE');\n      write();\n      writer.exec('COMMIT');",
    to: "if (!writer.isTransaction) writer.exec('BEGIN IMMEDIATE');\n      write();\n      if (this.#tail.sequence % 3 === 0) writer.exec('COMMIT');",
  },
  {
    name: 'a page counts as sent before it is',
    file: 'alerting/page-sender.ts',
    from: 'const done = this.#try(message).then((outcome) => {',
    to: "this.#report(message, attempts, { result: 'sent', receipt: 'soon' });\n    const done = this.#try(message).then((outcome) => {",
  },
  {
    name: 'each try has a key of its own',
    file: 'alerting/channels/webhook.ts',
    from: "'Idempotency-Key': headerValue(outgoing.page.id),",
    to: "'Idempotency-Key': headerValue(outgoing.page.id) + String(process.hrtime.bigint()),",
  },
  {
    name: 'what was under way at the kill counts as sent',
    file: 'alerting/page-doubt.ts',
    from: '!wasAtLimit(state, page, until)) page.mayHaveGoneOut = true;',
    to: "!wasAtLimit(state, page, until)) page.status = 'sent';",
  },
];
