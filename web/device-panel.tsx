import type { DeviceDetail, DevicePlan, Observed, PathProbe, Port } from './api-types.ts';
import { nearlyNow } from './browser-clock.ts';
import { DeviceHistory } from './device-history.tsx';
import { DoubtedValues } from './doubted-values.tsx';
import { formatBitRate, formatDuration, formatInstant, formatMilliseconds } from './format.ts';
import { local, messages } from './language.ts';
import { HealthMark, HealthWord, TierMark } from './marks.tsx';
import { Dependents, DeviceLinks, Fact, PanelPart } from './panel-parts.tsx';
import { PollPlan } from './poll-plan.tsx';
import { PowerForecast } from './power-forecast.tsx';
import { punctuation } from './punctuation.ts';
import { describeReading, withNumber } from './readings.ts';
import { incidentHref } from './route.ts';

/** Everything about one device. */
export function DevicePanel({ device, plan }: { device: DeviceDetail; plan: DevicePlan | null }) {
  const text = messages.value;
  const { observed } = device;
  return (
    <div class="panel-body">
      <header class="card-head">
        <HealthWord health={device.health} />
        {device.healthSince === null ? null : (
          <span class="quiet">
            {formatDuration(nearlyNow.value - Date.parse(device.healthSince))}
          </span>
        )}
        {device.flapping ? <span class="tag">{text.flapping}</span> : null}
        {device.inMaintenance ? <span class="tag">{text.inMaintenance}</span> : null}
        {device.openFaults > 0 ? (
          <span class="tag">{text.faultCount(device.openFaults)}</span>
        ) : null}
        <span class="card-id">{device.id}</span>
      </header>
      <h2>{device.name}</h2>
      <p class="quiet">
        {device.siteName}
        {punctuation.value.comma}
        {local(device.roleName)}
      </p>
      <DeviceIncidents device={device} />
      <dl class="facts">
        <Fact name={text.address}>{device.address}</Fact>
        <Fact name={text.tags}>{device.tags.join(punctuation.value.list)}</Fact>
        {observed === null ? null : <ObservedFacts observed={observed} />}
        {device.probe === null ? null : <ProbeFacts probe={device.probe} />}
      </dl>
      {observed === null ? <p class="quiet">{text.notPolled}</p> : null}
      <PowerForecast device={device} />
      <DeviceHistory key={device.id} deviceId={device.id} />
      <Neighbours device={device} />
      {observed === null || observed.readings.length === 0 ? null : (
        <PanelPart title={text.readings}>
          <Readings observed={observed} />
        </PanelPart>
      )}
      {observed === null || observed.ports.length === 0 ? null : (
        <PanelPart title={text.ports}>
          <Ports ports={observed.ports} />
        </PanelPart>
      )}
      {plan === null ? null : <DoubtedValues doubted={plan.doubted} />}
      {plan === null ? null : <PollPlan told={plan} />}
    </div>
  );
}

function DeviceIncidents({ device }: { device: DeviceDetail }) {
  if (device.incidents.length === 0) return null;
  return (
    <ul class="rows">
      {device.incidents.map((incident) => (
        <li key={incident.id}>
          <a class="row" href={incidentHref(incident.id)}>
            <TierMark tier={incident.tier} />
            <span class="row-main">{local(incident.title)}</span>
            <span class="row-side quiet">{incident.id}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

function ObservedFacts({ observed }: { observed: Observed }) {
  const text = messages.value;
  const outcome = observed.lastOutcome === null ? '' : text.outcome[observed.lastOutcome];
  return (
    <>
      <Fact name={text.systemName}>{observed.sysName}</Fact>
      <Fact name={text.description}>{observed.sysDescr}</Fact>
      <Fact name={text.uptime}>
        {observed.uptimeSeconds === null ? null : formatDuration(observed.uptimeSeconds * 1000)}
      </Fact>
      <Fact name={text.lastPoll}>
        {observed.lastPollAt === null
          ? null
          : `${formatInstant(observed.lastPollAt, nearlyNow.value)}${punctuation.value.comma}${outcome}`}
        {local(observed.lastDetail) === '' ? null : (
          <span class="quiet names">{local(observed.lastDetail)}</span>
        )}
      </Fact>
      <Fact name={text.roundTrip}>
        {observed.rttMs === null ? null : formatMilliseconds(observed.rttMs)}
      </Fact>
      <ConnectionFacts observed={observed} />
      <Fact name={text.profiles}>
        {observed.profiles.map(({ id, reason }) => (
          <span key={id} class="names">
            {id}
            <span class="quiet">{punctuation.value.inBrackets(local(reason))}</span>
          </span>
        ))}
      </Fact>
    </>
  );
}

/** How well the device is reached, and which standards that breaks. */
function ProbeFacts({ probe }: { probe: PathProbe }) {
  const text = messages.value;
  const { list } = punctuation.value;
  const shown = [
    probe.lossRatio === null ? null : text.pathLoss(Math.round(probe.lossRatio * 1000) / 10),
    probe.roundTripMs === null ? null : text.pathRoundTrip(formatMilliseconds(probe.roundTripMs)),
    probe.jitterMs === null ? null : text.pathJitter(formatMilliseconds(probe.jitterMs)),
  ].filter((each) => each !== null);
  return (
    <Fact name={text.path}>
      {shown.join(list)}
      <span class="quiet names">{text.pathProbe[probe.probe]}</span>
      {probe.broken.length === 0 ? null : <span class="tag">{text.pathBroken}</span>}
    </Fact>
  );
}

/** What is odd about how the device is reached; nothing when nothing is. */
function ConnectionFacts({ observed }: { observed: Observed }) {
  const text = messages.value;
  const { replyFromAnyAddress, strayReplies, snmpEngine } = observed;
  const { list } = punctuation.value;
  return (
    <>
      <Fact name={text.repliesFrom}>{replyFromAnyAddress ? text.repliesFromAnywhere : null}</Fact>
      <Fact name={text.strayReplies}>
        {strayReplies.lastFrom === null
          ? null
          : text.straysIgnored(strayReplies.count, strayReplies.lastFrom)}
      </Fact>
      <Fact name={text.snmpEngine}>
        {snmpEngine === null || snmpEngine.sharedWith.length === 0 ? null : (
          <>
            <span class="names">{snmpEngine.id}</span>
            <span class="quiet names">
              {text.engineSharedWith(snmpEngine.sharedWith.join(list))}
            </span>
          </>
        )}
      </Fact>
    </>
  );
}

function Neighbours({ device }: { device: DeviceDetail }) {
  const text = messages.value;
  const lists = [
    [text.above, device.parents],
    [text.poweredBy, device.powerFeeds],
  ] as const;
  return (
    <>
      {lists.map(([title, list]) =>
        list.length === 0 ? null : (
          <PanelPart key={title} title={title}>
            <DeviceLinks devices={list} />
          </PanelPart>
        ),
      )}
      <Dependents devices={device.dependents} />
    </>
  );
}

function Readings({ observed }: { observed: Observed }) {
  const text = messages.value;
  return (
    <div class="table-frame">
      <table>
        <thead>
          <tr>
            <th scope="col">{text.part}</th>
            <th scope="col">{text.reading}</th>
            <th scope="col" class="number">
              {text.value}
            </th>
            <th scope="col">{text.state}</th>
          </tr>
        </thead>
        <tbody>
          {observed.readings.map((reading) => {
            const { part, name, value, judged } = describeReading(reading);
            const from = reading.source && `${reading.source.object} ${reading.source.oid}`;
            const labels = Object.values(reading.labels).join(' ');
            return (
              <tr key={`${reading.component} ${reading.metric} ${labels}`}>
                <td>{part}</td>
                <td title={from ?? undefined}>{name}</td>
                <td class="number">{value}</td>
                <td>{judged}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Ports({ ports }: { ports: readonly Port[] }) {
  const text = messages.value;
  return (
    <div class="table-frame">
      <table>
        <thead>
          <tr>
            <th scope="col">{text.port}</th>
            <th scope="col">{text.state}</th>
            <th scope="col" class="number">
              {text.speed}
            </th>
            <th scope="col" class="number">
              {text.receiving}
            </th>
            <th scope="col" class="number">
              {text.transmitting}
            </th>
          </tr>
        </thead>
        <tbody>
          {ports.map((port) => (
            <PortRow key={port.index} port={port} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function PortRow({ port }: { port: Port }) {
  const { portState } = messages.value;
  const isOff = port.adminStatus === 'down';
  const isUp = port.operStatus === 'up';
  const state = portState[port.operStatus] ?? port.operStatus;
  return (
    <tr>
      <td>
        {port.name}
        {port.alias === '' ? null : <span class="quiet names">{port.alias}</span>}
      </td>
      <td>
        <HealthMark health={isUp ? 'up' : isOff ? 'unknown' : 'down'} />{' '}
        {isOff ? portState.off : withNumber(state, port.undeclaredOperStatus)}
      </td>
      <td class="number">{formatBitRate(port.speedBps)}</td>
      <td class="number">{formatBitRate(port.receiveBps)}</td>
      <td class="number">{formatBitRate(port.transmitBps)}</td>
    </tr>
  );
}
