import { type Column, labelColumn, valueColumn } from './board.ts';
import { incidentLink } from './links.ts';
import { stageNamings, tierNamings, worseBelow } from './palette.ts';
import { WORDS, type Words } from './words/words.ts';

/** The label that has the title in the language of the board. */
export function titleLabel(words: Words): string {
  return words === WORDS['zh-CN'] ? 'title_zh' : 'title';
}

/** The columns of an open incident: question 1 gives its age, 2 the time left; `place` says where. */
export function incidentColumns(words: Words, place: Column): Column[] {
  const { columns } = words;
  return [
    labelColumn('tier', columns.tier, { width: 130, namings: tierNamings(words) }),
    labelColumn(titleLabel(words), columns.title),
    place,
    valueColumn(1, columns.age, { width: 140, unit: 'duration' }),
    valueColumn(2, columns.left, { width: 140, unit: 'duration', levels: worseBelow(450, 180) }),
    labelColumn('owner', columns.owner, { width: 130 }),
    labelColumn('stage', columns.stage, { width: 140, namings: stageNamings(words) }),
    labelColumn('incident', columns.incident, { width: 110, link: incidentLink(words) }),
  ];
}
