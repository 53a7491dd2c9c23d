import { describe, expect, it } from 'vitest';
import { renderReport } from '../../app/render-report.ts';
import { viewArchive } from '../../app/view-archive.ts';
import { freezeReport, makeReport } from '../../storage/make-report.ts';
import { reportsToFreezeAgain } from '../../storage/missing-amendments.ts';
import { amend, appendToArchive, readArchive } from '../../storage/report-archive.ts';
import type { ReportDelivery, ReportDispatched } from '../../storage/report-dispatches.ts';
import { verifyFolder } from '../../storage/verify-folder.ts';
import { health, leases, second, started, topology } from '../reports/story.ts';
import { temporaryFolder } from './journal-folder.ts';
import { append, DAY_SECONDS, OPERATOR, request, unwrap } from './report-story.ts';

const AFTER = DAY_SECONDS + 600;
const NAME = '2026-11-01';

/** Device a at north and b at south, each frozen for itself, and both together. */
async function frozenSites(): Promise<string> {
  const folder = temporaryFolder();
  const devices = [
    { id: 'a', siteId: 'north' },
    { id: 'b', siteId: 'south' },
  ];
  const up = ['a', 'b'].map((id) => health(-590, -595, 'up', id));
  await append(folder, [started(-600), topology(-600, devices), ...up, ...leases(-580, AFTER)]);
  for (const siteId of [null, 'north', 'south']) {
    unwrap(await freezeReport({ ...request(folder, AFTER), siteId }, OPERATOR));
  }
  return folder;
}

function amendment(deviceId: string, from: number, to: number) {
  return {
    ...{ at: second(AFTER), by: 'lead', reason: 'by telephone', deviceIds: [deviceId] },
    ...{ from: second(from), to: second(to), state: 'maintenance' as const },
  };
}

const again = (folder: string, number: number) =>
  reportsToFreezeAgain(folder, unwrap(readArchive(folder)), number).map(({ siteId }) => siteId);

describe('an amendment made after a report was frozen', () => {
  it('names the reports that it is not in: those of its time and devices', async () => {
    const folder = await frozenSites();
    unwrap(await amend(folder, amendment('a', 3600, 4000)));
    unwrap(await amend(folder, amendment('b', DAY_SECONDS, DAY_SECONDS + 60)));
    expect(again(folder, 1)).toEqual([null, 'north']);
    expect(again(folder, 2)).toEqual([]);
    const told = verifyFolder(folder);
    expect(told.ok).toBe(true);
    expect(told.frozen.map(({ missingAmendments }) => missingAmendments)).toEqual([[1], [1], []]);
    const views = viewArchive(folder, unwrap(readArchive(folder)));
    expect(views.map(({ siteId, missingAmendments }) => [siteId, missingAmendments])).toEqual([
      ['south', []],
      ['north', [1]],
      [null, [1]],
    ]);
  });

  it('is said beside the report until the next revision has it; frozen bytes stay', async () => {
    const folder = await frozenSites();
    const before = unwrap(await makeReport(request(folder, AFTER)));
    unwrap(await amend(folder, amendment('a', 3600, 4000)));
    const shown = unwrap(await makeReport(request(folder, AFTER)));
    expect(shown).toMatchObject({ isOtherwise: false, missingAmendments: [1] });
    expect(shown.json).toBe(before.json);
    const notes = {
      en: 'Not yet in this revision: amendment 1.',
      'zh-CN': '本版尚未计入第 1 号更正',
    } as const;
    const forms = (made: typeof shown, language: 'en' | 'zh-CN') =>
      Promise.all(
        (['text', 'html'] as const).map((format) =>
          renderReport(made, { format, language, table: 'devices' }),
        ),
      );
    for (const language of ['en', 'zh-CN'] as const) {
      for (const text of await forms(shown, language)) expect(text).toContain(notes[language]);
      for (const text of await forms(before, language)) expect(text).not.toContain(notes[language]);
    }
    const next = unwrap(await freezeReport(request(folder, AFTER), OPERATOR));
    expect(next).toMatchObject({ frozen: { revision: 1 }, missingAmendments: [] });
    expect(again(folder, 1)).toEqual(['north']);
  });

  it('makes no new revision of a site that it does not touch', async () => {
    const folder = await frozenSites();
    unwrap(await amend(folder, amendment('a', 3600, 4000)));
    const south = { ...request(folder, AFTER), siteId: 'south' };
    const made = unwrap(await freezeReport(south, OPERATOR));
    expect(made).toMatchObject({ frozen: { revision: 0 }, report: { amendments: [] } });
    const north = unwrap(await freezeReport({ ...south, siteId: 'north' }, OPERATOR));
    expect(north).toMatchObject({ frozen: { revision: 1 }, report: { amendments: [{}] } });
  });
});

describe('a delivery', () => {
  const dispatched = (at: number): ReportDispatched => ({
    ...{ type: 'report-dispatched', at: second(at), period: NAME, to: ['anna', 'bert'] },
    by: 'schedule',
  });
  const delivery = (
    at: number,
    personId: string,
    revision: number,
    result: ReportDelivery['result'] = 'accepted',
  ): ReportDelivery => ({
    ...{ type: 'report-delivery', at: second(at), period: NAME, revision, personId, result },
    detail: null,
  });

  it('is of the revision that was sent, and of no later one', async () => {
    const folder = await frozenSites();
    await appendToArchive(folder, dispatched(AFTER + 1));
    await appendToArchive(folder, delivery(AFTER + 2, 'anna', 0));
    await appendToArchive(folder, delivery(AFTER + 3, 'bert', 0, 'temporary'));
    const view = () =>
      viewArchive(folder, unwrap(readArchive(folder))).find(({ siteId }) => siteId === null)!;
    expect(view()).toMatchObject({
      ...{ revision: 0, sentAt: second(AFTER + 1), earlierCopies: [] },
      recipients: [
        { personId: 'anna', state: 'accepted' },
        { personId: 'bert', state: 'waiting' },
      ],
    });
    unwrap(await amend(folder, amendment('a', 3600, 4000)));
    unwrap(await freezeReport(request(folder, AFTER + 10), OPERATOR));
    const earlierCopies = [{ revision: 0, personId: 'anna', at: second(AFTER + 2) }];
    // Bert waits for the one that was sent, and is listed so.
    expect(view()).toMatchObject({
      ...{ revision: 1, sentAt: null },
      recipients: [{ personId: 'bert', state: 'waiting', revision: 0 }],
      earlierCopies,
    });
    await appendToArchive(folder, { ...dispatched(AFTER + 15), revision: 1 });
    await appendToArchive(folder, delivery(AFTER + 20, 'bert', 1));
    expect(view()).toMatchObject({
      sentAt: second(AFTER + 15),
      recipients: [
        { personId: 'anna', state: 'waiting', revision: 1 },
        { personId: 'bert', state: 'accepted', revision: 1 },
      ],
      earlierCopies,
    });
  });

  it('of everybody before the amendment leaves the next revision unsent', async () => {
    const folder = await frozenSites();
    await appendToArchive(folder, dispatched(AFTER + 1));
    for (const id of ['anna', 'bert']) await appendToArchive(folder, delivery(AFTER + 2, id, 0));
    unwrap(await amend(folder, amendment('a', 3600, 4000)));
    unwrap(await freezeReport(request(folder, AFTER + 10), OPERATOR));
    const [view] = viewArchive(folder, unwrap(readArchive(folder))).filter(
      ({ siteId }) => siteId === null,
    );
    expect(view).toMatchObject({ revision: 1, sentAt: null, recipients: [] });
    expect(view!.earlierCopies).toHaveLength(2);
  });
});
