import type { LabCredential } from './credential.ts';
import type { LabDevice } from './devices/catalog.ts';
import type { LabStartProblem } from './lab.ts';
import type { LabAction } from './model.ts';
import type { LabStatus } from './status.ts';

/** What the service tells the lab's process. The channel between them is private to the two. */
export type ToLab =
  | {
      readonly kind: 'start';
      readonly devices: readonly LabDevice[];
      readonly credentials: readonly (readonly [string, LabCredential])[];
      readonly playStory: boolean;
    }
  | { readonly kind: 'ask'; readonly id: number; readonly ask: LabAsk };

export type LabAsk =
  | { readonly verb: 'act'; readonly action: LabAction }
  | { readonly verb: 'status' }
  | { readonly verb: 'restore-all' }
  | { readonly verb: 'story' };

/** What the lab's process tells the service. */
export type FromLab =
  | { readonly kind: 'started'; readonly ports: readonly (readonly [string, number])[] }
  | { readonly kind: 'not-started'; readonly problem: LabStartProblem }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: LabAnswer }
  | { readonly kind: 'action'; readonly action: LabAction };

export type LabAnswer =
  | { readonly ok: true; readonly status: LabStatus }
  | { readonly ok: false; readonly problem: string };
