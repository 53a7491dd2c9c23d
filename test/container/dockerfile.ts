import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../layout/source-files.ts';

interface Instruction {
  readonly word: string;
  readonly rest: string;
}

export const read = (path: string) => readFileSync(join(repositoryRoot, path), 'utf8');

function instructionsOf(dockerfile: string): Instruction[] {
  return dockerfile
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [word = '', ...rest] = line.split(' ');
      return { word, rest: rest.join(' ').trim() };
    });
}

/** Every instruction of the Dockerfile. */
export const all = instructionsOf(read('Dockerfile'));
const lastStage = all.slice(all.findLastIndex(({ word }) => word === 'FROM'));

/** What follows each instruction of that word in the stage that becomes the image. */
export const inLastStage = (word: string) =>
  lastStage.filter((instruction) => instruction.word === word).map(({ rest }) => rest);

/** What the final stage takes from the folder that the image is built from. */
export const copied = inLastStage('COPY')
  .filter((rest) => !rest.startsWith('--from'))
  .flatMap((rest) => rest.split(' ').slice(0, -1));
