import { describe, expect, test } from 'vitest';
import { boardQuestions, ruleQuestions } from '../../bench/boards/questions.ts';
import { readQuery } from './promql.ts';

const questions = [...boardQuestions(), ...ruleQuestions()].map((question) => ({
  ...question,
  place: `${question.board} / ${question.panel}`,
}));

describe('the bench asks', () => {
  test.each(questions)('$place as Prometheus reads it', ({ query, step }) => {
    expect(readQuery(query).errors).toEqual([]);
    expect(query.replaceAll('"$1"', '').replaceAll(/\$labels|\$value/g, '')).not.toContain('$');
    expect(step).toMatch(/^\d+[smhd]$/);
  });
});
