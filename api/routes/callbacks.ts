import type { ApiApp, RouteContext } from '../api-app.ts';
import { dingTalkCallbacks } from '../callbacks/dingtalk-callbacks.ts';
import { slackCallbacks } from '../callbacks/slack-callbacks.ts';
import { twilioCallbacks } from '../callbacks/twilio-callbacks.ts';
import { readForms } from '../form-body.ts';

/** `POST /api/v1/callbacks/…`: what providers tell us. Each request is believed by its signature alone. */
export function callbackRoutes(app: ApiApp, context: RouteContext): void {
  app.register(async (scope) => {
    readForms(scope);
    twilioCallbacks(scope, context);
    slackCallbacks(scope, context);
    dingTalkCallbacks(scope, context);
  });
}
