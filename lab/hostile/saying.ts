import type { Clock } from '../../lib/clock.ts';
import type { HostileMode, SpokenVersion, Stage } from './agent.ts';
import {
  type Answer,
  type Ask,
  encodeAnswer,
  honestAnswer,
  type Knowledge,
  type Question,
} from './ask.ts';
import type { Octets } from './ber.ts';

/** How long a changing device stays as it is. */
export const PHASE_MS = 50_000;

/** An ask of v1 or v2c with its question. */
export type CommunityAsk = Ask & { readonly question: Question };

export type ModeFacts = Pick<HostileMode, 'row' | 'name' | 'does'> & {
  readonly speaks?: SpokenVersion;
};

/** A mode of v1 or v2c that does something with every question. */
export function doing(
  facts: ModeFacts,
  begin: (stage: Stage) => (ask: CommunityAsk) => void,
): HostileMode {
  return {
    speaks: 'v2c',
    ...facts,
    begin(stage) {
      const onQuestion = begin(stage);
      return (ask) => {
        const { question } = ask;
        if (question !== null) onQuestion({ ...ask, question });
      };
    },
  };
}

/** A mode that would answer rightly, but for what it makes of the answer. */
export function answering(
  facts: ModeFacts,
  change: (answer: Answer, ask: CommunityAsk, stage: Stage) => Answer | null,
): HostileMode {
  return doing(facts, (stage) => (ask) => {
    const answer = change(honestly(stage, ask), ask, stage);
    if (answer !== null) stage.voice.send(ask, encodeAnswer(ask, answer));
  });
}

/** A mode whose datagrams are spoilt, or joined by others. In the order given, from the right socket. */
export function sending(
  facts: ModeFacts,
  spoil: (right: Octets, ask: CommunityAsk, stage: Stage) => readonly Octets[],
): HostileMode {
  return doing(facts, (stage) => (ask) => {
    for (const octets of spoil(rightReply(stage, ask), ask, stage)) stage.voice.send(ask, octets);
  });
}

/** A mode that finds other objects than there are. */
export function finding(facts: ModeFacts, liar: (stage: Stage) => Knowledge): HostileMode {
  return doing(facts, (stage) => {
    const knowledge = liar(stage);
    return (ask) => {
      const answer = honestAnswer(knowledge, ask.question, ask.version);
      stage.voice.send(ask, encodeAnswer(ask, answer));
    };
  });
}

/** A mode whose device is another one as time goes by: `change` is called when a phase begins, from 0. */
export function changing(
  facts: ModeFacts,
  change: (stage: Stage, phase: number) => void,
): HostileMode {
  return doing(facts, (stage) => {
    const notePhase = phases(stage.clock, (phase) => change(stage, phase));
    return (ask) => {
      notePhase();
      stage.voice.send(ask, rightReply(stage, ask));
    };
  });
}

/** Gives a function that looks at the clock and calls `begin` when a phase has begun, from 0. */
export function phases(clock: Clock, begin: (phase: number) => void): () => void {
  const startedMs = clock.monotonicMs();
  let reached = -1;
  return () => {
    const phase = Math.floor((clock.monotonicMs() - startedMs) / PHASE_MS);
    if (phase > reached) begin(phase);
    reached = phase;
  };
}

/** A mode that changes what the device knows, once, and answers rightly from then on. */
export function knowing(facts: ModeFacts, change: (stage: Stage) => void): HostileMode {
  return doing(facts, (stage) => {
    change(stage);
    return (ask) => stage.voice.send(ask, rightReply(stage, ask));
  });
}

/** What an honest agent would answer. */
export function honestly({ device }: Stage, ask: CommunityAsk): Answer {
  return honestAnswer(device.objects, ask.question, ask.version);
}

/** The datagram that an honest agent would send. */
export function rightReply(stage: Stage, ask: CommunityAsk): Octets {
  return encodeAnswer(ask, honestly(stage, ask));
}

/** No mode of the catalog: an agent beside the others that does all as it should. */
export const HONEST: HostileMode = knowing(
  { row: 0, name: 'honest', does: 'tells the truth' },
  () => {},
);
