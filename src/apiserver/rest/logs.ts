/** GET …/log: what a container has written, and with `follow` what it goes on to write (pkg/registry/core/pod/rest/log.go). */
import type { LogLine } from '../../api/cri.js';
import { badRequest, failure, invalidObject } from '../../api/errors.js';
import { type FieldError, forbidden, invalid } from '../../api/field.js';
import type { NodeProxy } from '../../api/node-proxy.js';
import type { ObjectKey } from '../../api/object.js';
import { parseTime, type Time } from '../../api/time.js';
import type { Pod } from '../../resources/pods/types.js';
import type { Answer, Cursor, Poll } from '../long-running.js';
import { chooseContainer, logsOfPrevious, willEnd } from './containers.js';
import { first, isOn, type Query } from './request-info.js';

export interface LogSettings {
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly tailLines?: number;
  readonly limitBytes?: number;
  readonly sinceTime?: Time;
}

/** A followed log: how much of it has been told. */
interface LogCursor extends Cursor {
  readonly type: 'logs';
  readonly node: string;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly instance: string;
  readonly previous: boolean;
  readonly timestamps: boolean;
  /** The number of the line to be told next. */
  readonly next: number;
  /** The line told last goes on in it. */
  readonly isOpen: boolean;
  /** Bytes that may still be told. */
  readonly left?: number;
}

const HEADERS = { 'content-type': 'text/plain' };
/** What the kubelet is asked, in the order of its names. */
const PASSED_ON = ['follow', 'limitBytes', 'previous', 'sinceSeconds', 'sinceTime', 'tailLines', 'timestamps'];

export function readLogs(
  pod: Pod,
  query: Query,
  now: Time,
  proxyOf: (node: string) => NodeProxy | undefined,
  addressOf: (node: string) => string,
  dialed: (node: string) => string,
): Answer {
  const settings = logSettings(pod.metadata.name ?? '', query, now);
  const container = chooseContainer(pod, first(query, 'container'));
  const node = pod.spec.nodeName ?? '';
  if (node === '') return { status: 200, headers: HEADERS, body: '' };
  const proxy = proxyOf(node);
  if (proxy === undefined) {
    const address = addressOf(node);
    const asked = new URLSearchParams(PASSED_ON.map((name): [string, string] => [name, first(query, name)]).filter(([, value]) => value !== '')).toString();
    const url = `https://${address}/containerLogs/${pod.metadata.namespace}/${pod.metadata.name}/${container}${asked === '' ? '' : `?${asked}`}`;
    throw failure(500, '', `Get "${url}": ${dialed(node)}`);
  }
  const previous = logsOfPrevious(pod, container, settings.previous);
  const key: ObjectKey = { namespace: pod.metadata.namespace ?? '', name: pod.metadata.name ?? '' };
  const { tailLines, sinceTime, limitBytes, timestamps } = settings;
  const lines = proxy.logs(key, container, {
    previous,
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(sinceTime === undefined ? {} : { sinceTime }),
  });
  const status = proxy.containerStatus(key, container, previous);
  if (!settings.follow) return { status: 200, headers: HEADERS, body: cut(print(lines, timestamps), limitBytes) };
  const [newest] = proxy.logs(key, container, { previous, tailLines: 1 });
  const cursor: LogCursor = {
    type: 'logs',
    node,
    ...{ namespace: key.namespace, pod: key.name, container, previous, timestamps },
    instance: status?.id ?? '',
    next: lines[0]?.number ?? numberAfter(newest),
    isOpen: false,
    ...(limitBytes === undefined ? {} : { left: limitBytes }),
  };
  return { status: 200, headers: HEADERS, longRunning: { cursor, chunks: 'text', ends: willEnd(pod, container) } };
}

export function pollLogs(from: Cursor, proxyOf: (node: string) => NodeProxy | undefined): Poll {
  const cursor = from as LogCursor;
  const proxy = proxyOf(cursor.node);
  const key: ObjectKey = { namespace: cursor.namespace, name: cursor.pod };
  const status = proxy?.containerStatus(key, cursor.container, cursor.previous);
  if (proxy === undefined || status === undefined || (cursor.instance !== '' && status.id !== cursor.instance)) return { chunks: [] };
  const lines = proxy.logs(key, cursor.container, { previous: cursor.previous, from: cursor.next });
  const text = print(lines, cursor.timestamps, cursor.isOpen);
  const last = lines.at(-1);
  const shown = cut(text, cursor.left);
  const left = cursor.left === undefined ? undefined : cursor.left - Buffer.byteLength(shown);
  const chunks = shown === '' ? [] : [shown];
  if (left === 0 || status.state === 'exited') return { chunks };
  const next: LogCursor = {
    ...cursor,
    instance: status.id,
    next: last === undefined ? cursor.next : numberAfter(last),
    isOpen: last === undefined ? cursor.isOpen : last.partial === true,
    ...(left === undefined ? {} : { left }),
  };
  const due = proxy.nextEvent();
  return { chunks, cursor: next, ...(due === undefined ? {} : { next: due }) };
}

function logSettings(pod: string, query: Query, now: Time): LogSettings {
  const errors: FieldError[] = [];
  const tailLines = integer(query, 'tailLines', 0, errors);
  const limitBytes = integer(query, 'limitBytes', 1, errors);
  const sinceSeconds = integer(query, 'sinceSeconds', 1, errors);
  const since = first(query, 'sinceTime');
  const sinceTime = since === '' ? undefined : parseTime(since);
  if (since !== '' && sinceSeconds !== undefined) errors.push(forbidden('[]', 'at most one of `sinceTime` or `sinceSeconds` may be specified'));
  // The gate PodLogsQuerySplitStreams is off.
  if (first(query, 'stream') !== '') errors.push(forbidden('stream', 'may not be specified'));
  if (errors.length > 0) throw invalidObject('', 'PodLogOptions', pod, errors);
  const from = sinceSeconds === undefined ? sinceTime : ((now - sinceSeconds * 1000) as Time);
  return {
    follow: isOn(query, 'follow'),
    previous: isOn(query, 'previous'),
    timestamps: isOn(query, 'timestamps'),
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(limitBytes === undefined ? {} : { limitBytes }),
    ...(from === undefined ? {} : { sinceTime: from }),
  };
}

function integer(query: Query, name: string, least: number, errors: FieldError[]): number | undefined {
  const text = first(query, name);
  if (text === '') return undefined;
  const value = Number(text);
  if (!Number.isInteger(value)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  if (value < least) errors.push(invalid(name, value, least === 0 ? 'must be greater than or equal to 0' : 'must be greater than 0'));
  return value;
}

/** `isOpen`: a piece of the first line has been told before. */
function print(lines: readonly LogLine[], timestamps: boolean, isOpen = false): string {
  return lines
    .map(({ at, text, partial }, i) => {
      const isContinued = i === 0 ? isOpen : lines[i - 1]?.partial === true;
      const head = timestamps && !isContinued ? `${new Date(at).toISOString().slice(0, 23)}000000Z ` : '';
      return `${head}${text}${partial ? '' : '\n'}`;
    })
    .join('');
}

const numberAfter = (line: LogLine | undefined): number => (line === undefined ? 0 : line.number + 1);

/** The first `limit` bytes. */
function cut(text: string, limit: number | undefined): string {
  if (limit === undefined || Buffer.byteLength(text) <= limit) return text;
  return Buffer.from(text)
    .subarray(0, limit)
    .toString('utf8')
    .replace(/\ufffd+$/, '');
}
