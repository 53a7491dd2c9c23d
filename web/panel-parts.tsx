import { type ComponentChildren, Fragment } from 'preact';
import type { Dependent, RelatedDevice } from './api-types.ts';
import { messages } from './language.ts';
import { HealthMark } from './marks.tsx';
import { punctuation } from './punctuation.ts';
import { deviceHref } from './route.ts';

/** A titled part of a panel. */
export function PanelPart({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="panel-part">
      <h3>{title}</h3>
      {children}
    </section>
  );
}

/** One fact of a definition list; left out when there is nothing to say. */
export function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  if (children === null || children === '') return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Devices by name with their state, each leading to its own panel. */
export function DeviceLinks({ devices }: { devices: readonly (RelatedDevice | Dependent)[] }) {
  const text = messages.value;
  return (
    <ul class="device-links">
      {devices.map((device) => (
        <li key={device.id}>
          <a href={deviceHref(device.id)}>
            <HealthMark health={device.health} />
            {device.name}
            <span class="unseen"> {text.health[device.health]}</span>
          </a>
          {'via' in device && device.via === 'power' ? (
            <span class="tag">{text.viaPower}</span>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

/** What hangs on a device: first those that have nothing else, then those that do. */
export function Dependents({ devices }: { devices: readonly Dependent[] }) {
  const text = messages.value;
  if (devices.length === 0) return null;
  const lists = [
    [text.withoutOtherPath, devices.filter(({ hasOtherPath }) => !hasOtherPath)],
    [text.withOtherPath, devices.filter(({ hasOtherPath }) => hasOtherPath)],
  ] as const;
  return (
    <PanelPart title={text.hangsOnIt}>
      {lists.map(([title, list]) =>
        list.length === 0 ? null : (
          <Fragment key={title}>
            <p class="quiet">
              {title}
              {punctuation.value.colon}
              {list.length}
            </p>
            <DeviceLinks devices={list} />
          </Fragment>
        ),
      )}
    </PanelPart>
  );
}
