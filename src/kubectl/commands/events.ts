/** kubectl events (pkg/cmd/events/events.go, event_printer.go). */

import { humanDuration } from '../../api/human-duration.js';
import type { KubeObject } from '../../api/object.js';
import { parseTime } from '../../api/time.js';
import type { WatchMessage } from '../../client/rest-client.js';
import { NoResourceMatch } from '../../client/rest-mapper.js';
import type { Event } from '../../resources/events/types.js';
import { escapeTerminal } from '../../text/escape.js';
import { goSort } from '../../text/go-sort.js';
import { TABLE_TABS, TabWriter } from '../../text/tabwriter.js';
import { type Command, type Factory, type FlagValues, UsageError } from '../command.js';
import { objectPrinter, outputOf } from '../printing.js';
import { watchLimit } from '../request-timeout.js';
import * as shared from '../shared-flags.js';

interface Options {
  readonly flags: FlagValues;
  readonly allNamespaces: boolean;
  readonly fieldSelector: string;
  readonly types: readonly string[];
}

const command: Command<Options> = {
  use: 'events [(-o|--output=)json|yaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file] [--for TYPE/NAME] [--watch] [--types=Normal,Warning]',
  short: 'List events',
  long: `Show events.

A table says what matters most about each. It can be narrowed to one object or one type, and watched.`,
  examples: `# Of the namespace
kubectl events

# Of all namespaces
kubectl events --all-namespaces

# About one pod, and go on watching
kubectl events --for pod/web-pod-13je7 --watch

# As YAML
kubectl events -oyaml

# Of one type or several
kubectl events --types=Warning,Normal`,
  flags: [
    shared.ALL_NAMESPACES,
    ...shared.PRINT,
    shared.CHUNK_SIZE,
    { name: 'for', type: 'string', usage: 'Only events about this object, as TYPE/NAME.' },
    { name: 'no-headers', type: 'bool', usage: 'Leave the header out.' },
    { name: 'types', type: 'stringSlice', usage: 'Only events of these types.' },
    { name: 'watch', short: 'w', type: 'bool', usage: 'Go on watching for events after listing those there are.' },
  ],
  async complete(_, flags, factory) {
    const about = flags.string('for');
    let fieldSelector = '';
    if (about !== '') {
      const [type = '', name, ...more] = about.split('/');
      if (name === undefined) throw new UsageError('--for must be in resource/name form');
      if (more.length > 0) throw new UsageError('arguments in resource/name form may not have more than one slash');
      if (type === '') throw new UsageError('a resource must be present, got: /, Resource=');
      const [plain = '', group = ''] = type.split(/\.(.*)/s);
      const mapping = (await factory.mapper()).find(type);
      if (mapping === undefined) throw new NoResourceMatch(plain, group);
      // Without a name it is about everything (events.go)
      if (name !== '') fieldSelector = `involvedObject.kind=${mapping.kind},involvedObject.name=${name}`;
    }
    return { flags, allNamespaces: flags.bool('all-namespaces'), fieldSelector, types: flags.strings('types').map((type) => type.toLowerCase()) };
  },
  validate({ types }) {
    if (types.some((type) => type !== 'normal' && type !== 'warning')) throw new UsageError('valid --types are Normal or Warning');
  },
  run,
};
export default command;

const EVENTS = { group: '', version: 'v1', resource: 'events', namespaced: true } as const;

async function run(options: Options, factory: Factory): Promise<void> {
  const { flags } = options;
  const target = { resource: EVENTS, namespace: options.allNamespaces ? '' : factory.namespace };
  const query = { fieldSelector: options.fieldSelector };
  const isWanted = (event: Event) => options.types.length === 0 || options.types.includes((event.type ?? '').toLowerCase());
  if (flags.bool('watch')) return follow(options, factory, await factory.client.watch(target, { query: { ...query, ...(await watchLimit(flags)) } }), isWanted);
  const list = await factory.client.list(target, { query: { ...query, limit: flags.int('chunk-size') } });
  const events = (list.items as readonly Event[]).filter(isWanted);
  if (events.length === 0) {
    factory.streams.err(options.allNamespaces ? 'No events found.\n' : `No events found in ${factory.namespace} namespace.\n`);
    return;
  }
  const sorted = [...events];
  // Upstream's sort.Sort: where equal elements end up is part of the output
  goSort(sorted, (a, b) => (eventTime(a) ?? Number.NEGATIVE_INFINITY) < (eventTime(b) ?? Number.NEGATIVE_INFINITY));
  const output = outputOf(flags);
  if (output === 'name') return; // A typed list has no name, and kubectl drops that error
  if (output === '') {
    const print = tablePrinter(options, factory);
    print(sorted);
    return;
  }
  const print = await objectPrinter(factory, flags, '', 'none', true);
  const typed = { kind: 'EventList', apiVersion: 'v1', metadata: {}, items: sorted.map(withType) } as unknown as KubeObject;
  print(typed);
}

/** kubectl tells a typed item what it is. */
const withType = (event: Event): object => ({ ...event, kind: 'Event', apiVersion: 'v1' });

/** --watch: each as it comes, those that are there first. */
async function follow(options: Options, factory: Factory, stream: AsyncIterable<WatchMessage>, isWanted: (event: Event) => boolean): Promise<void> {
  const print = outputOf(options.flags) === '' ? undefined : await objectPrinter(factory, options.flags, '', 'none', true);
  const table = tablePrinter(options, factory);
  factory.endOnSignal(1);
  for await (const message of stream) {
    if (message.type === 'ERROR' || message.type === 'BOOKMARK' || message.type === 'DELETED') continue;
    const event = message.object as Event;
    if (!isWanted(event)) continue;
    if (print === undefined) table([event]);
    else print(event);
  }
}

function tablePrinter(options: Options, factory: Factory): (events: readonly Event[]) => void {
  const tabs = new TabWriter((text) => factory.streams.out(text), TABLE_TABS);
  let header = !options.flags.bool('no-headers');
  return (events) => {
    if (header) tabs.write(`${options.allNamespaces ? 'NAMESPACE\t' : ''}LAST SEEN\tTYPE\tREASON\tOBJECT\tMESSAGE\n`);
    header = false;
    for (const event of events) tabs.write(`${options.allNamespaces ? `${event.metadata.namespace}\t` : ''}${row(event, factory.now())}\n`);
    tabs.flush();
  };
}

function row(event: Event, now: number): string {
  const object = `${event.involvedObject.kind}/${event.involvedObject.name}`;
  return [interval(event, now), event.type ?? '', event.reason ?? '', object, (event.message ?? '').trim()].map(escapeTerminal).join('\t');
}

const isTime = (text: string | null | undefined): text is string => typeof text === 'string' && text !== '';
const since = (text: string | null | undefined, now: number): string => {
  const time = isTime(text) ? parseTime(text) : undefined;
  return time === undefined ? '<unknown>' : humanDuration(now - time);
};

/** `5s`, or `5s (x3 over 1m)`. */
function interval(event: Event, now: number): string {
  const first = since(isTime(event.eventTime) ? event.eventTime : event.firstTimestamp, now);
  if (event.series !== undefined && event.series !== null) return `${since(event.series.lastObservedTime, now)} (x${event.series.count} over ${first})`;
  if ((event.count ?? 0) > 1) return `${since(event.lastTimestamp, now)} (x${event.count} over ${first})`;
  return first;
}

function eventTime(event: Event): number | undefined {
  const text = event.series?.lastObservedTime ?? (isTime(event.lastTimestamp) ? event.lastTimestamp : event.eventTime);
  return isTime(text) ? parseTime(text) : undefined;
}
