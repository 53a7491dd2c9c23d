import type { ArchivedReport, ReportRecipient } from '../api/report-desk.ts';
import { missingAmendments, newestRevisions } from '../storage/missing-amendments.ts';
import type { ReportArchive } from '../storage/report-archive.ts';
import {
  acceptedCopies,
  foldDispatches,
  type RecipientRecord,
  type ReportDispatchRecord,
} from '../storage/report-dispatches.ts';
import { nextTryAt } from './report-sending.ts';

/** The frozen reports of an archive, newest first, each in the revision that counts. */
export function viewArchive(dataFolder: string, archive: ReportArchive): readonly ArchivedReport[] {
  const dispatches = foldDispatches(archive.sendings);
  const copies = acceptedCopies(archive.sendings);
  return newestRevisions(archive)
    .map((frozen): ArchivedReport => {
      const { at: frozenAt, period, timeZone, siteId, revision, ...rest } = frozen;
      const { inputsHash, documentHash, by } = rest;
      // What is mailed is the report of everything.
      const dispatch = siteId === null ? dispatches.get(period) : undefined;
      const own = (dispatch?.recipients ?? [])
        .filter((each) => isOf(each, revision))
        .map((record) => viewRecipient(dispatch!, record, revision));
      const earlierCopies = copies
        .filter((copy) => siteId === null && copy.period === period && copy.revision < revision)
        .map(({ revision: which, personId, at }) => ({ revision: which, personId, at }));
      return {
        ...{ period, timeZone, siteId, revision, frozenAt, inputsHash, documentHash, by },
        sentAt: own.some((each) => each.revision === revision) ? dispatch!.at : null,
        recipients: own,
        earlierCopies,
        missingAmendments: missingAmendments(dataFolder, archive.amendments, frozen),
      };
    })
    .reverse();
}

/** Whoever got an earlier revision did not get this one; whoever waits is listed, for whichever. */
function isOf(record: RecipientRecord, revision: number): boolean {
  return record.result !== 'accepted' || record.revision === revision;
}

function viewRecipient(
  dispatch: ReportDispatchRecord,
  record: RecipientRecord,
  newest: number,
): ReportRecipient {
  const { personId, result, tries, lastTryAt, detail } = record;
  const nextAt = nextTryAt(dispatch, record);
  const isOver = result === 'permanent' || (result === 'temporary' && nextAt === null);
  const state = result === 'accepted' ? 'accepted' : isOver ? 'failed' : 'waiting';
  const sent = state === 'accepted' ? record.revision : dispatch.revision;
  const revision = sent ?? newest;
  return { personId, state, revision, tries, lastTryAt, nextTryAt: nextAt, detail };
}
