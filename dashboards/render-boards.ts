import type { Language } from '../config/model.ts';
import type { Board } from './board.ts';
import { deviceBoard } from './device.ts';
import { emitBoard } from './emit-board.ts';
import { incidentsBoard } from './incidents.ts';
import { nocBoard } from './noc.ts';
import { portBoard } from './port.ts';
import { powerBoard } from './power.ts';
import { serviceBoard } from './service.ts';
import { siteBoard } from './site.ts';
import { uptimeBoard } from './uptime.ts';
import { WORDS, type Words } from './words/words.ts';

/** Every board, in the order in which a reader meets them. */
export const BOARDS: readonly ((words: Words) => Board)[] = [
  nocBoard,
  siteBoard,
  deviceBoard,
  portBoard,
  powerBoard,
  incidentsBoard,
  uptimeBoard,
  serviceBoard,
];

/**
 * Every board as the JSON file that Grafana's provisioning reads, by file name. The same program
 * gives the same bytes; both languages have the same uids, so that one set replaces the other.
 */
export function renderBoards(language: Language): Map<string, string> {
  const words = WORDS[language];
  return new Map(
    BOARDS.map((boardIn) => boardIn(words)).map((board) => [
      `${board.uid}.json`,
      emitBoard(board, words),
    ]),
  );
}
