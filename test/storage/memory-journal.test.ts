import { createMemoryJournal } from '../../storage/memory-journal.ts';
import { describeJournalContract } from './journal-contract.ts';

describeJournalContract('memory', () => createMemoryJournal());
