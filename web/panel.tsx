import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { DevicePanel } from './device-panel.tsx';
import { IncidentPanel } from './incident-panel.tsx';
import { dutyMessages, messages } from './language.ts';
import { type Detail, detail } from './live-data.ts';
import { OnCallPanel } from './on-call-panel.tsx';
import { ReportsPanel } from './reports-panel.tsx';
import { closePanel, type Route, route } from './route.ts';
import { LiveState } from './top-bar.tsx';

/** The incident or device that the address names, beside the overview; Escape closes it. */
export function Panel() {
  const shown = route.value;
  const frame = useRef<HTMLElement>(null);
  const key = shown.view === 'overview' ? '' : `${shown.view} ${'id' in shown ? shown.id : ''}`;
  useLayoutEffect(() => {
    if (key === '') return;
    const opener = document.activeElement;
    frame.current?.focus();
    return () => {
      if (route.value.view === 'overview' && opener instanceof HTMLElement) opener.focus();
    };
  }, [key]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && document.querySelector('dialog[open]') === null) closePanel();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  if (shown.view === 'overview') return null;
  const text = messages.value;
  const title = shown.view === 'on-call' ? dutyMessages.value.onCall : text[shown.view];
  return (
    <aside class="panel" ref={frame} tabIndex={-1} aria-label={title}>
      <div class="panel-bar">
        <span class="quiet">{title}</span>
        <LiveState />
        <button type="button" class="button-plain" onClick={closePanel}>
          {text.close}
        </button>
      </div>
      <PanelBody shown={shown} found={detail.value} />
    </aside>
  );
}

function PanelBody({ shown, found }: { shown: Route; found: Detail | null }) {
  if (shown.view === 'overview') return null;
  if (shown.view === 'on-call') return <OnCallPanel />;
  if (shown.view === 'reports') return <ReportsPanel />;
  if (found?.view === 'missing' && found.id === shown.id)
    return <p class="quiet">{messages.value.notFound}</p>;
  if (found?.view === 'incident' && shown.view === 'incident' && found.incident.id === shown.id)
    return <IncidentPanel incident={found.incident} timeline={found.timeline} />;
  if (found?.view === 'device' && shown.view === 'device' && found.device.id === shown.id)
    return <DevicePanel device={found.device} plan={found.plan} />;
  return <p class="quiet">{messages.value.loading}</p>;
}
