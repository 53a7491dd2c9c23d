import { type PowerCutTask, replayPowerCuts } from '../../test/storage/power-cuts.ts';
import { takeTask, tell } from '../processes.ts';

tell(replayPowerCuts(takeTask<PowerCutTask>()));
