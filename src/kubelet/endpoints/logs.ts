/** Logs through the kubelet: files of the node's /var/log, and what containers have written. */
import type { LogLine } from '../../api/cri.js';
import type { NodeAnswer, NodeRequest } from '../../api/node-proxy.js';
import { keyOf } from '../../api/object.js';
import { type HostInterface, notFound, podsOf, text } from './host.js';

const LOGS = '/var/log';

/** net/http's FileServer over /var/log. */
export function systemLogs({ runtime }: HostInterface, rest: readonly string[]): NodeAnswer {
  const path = `${LOGS}/${rest.join('/')}`.replace(/\/+$/, '');
  const entry = path.split('/').includes('..') ? undefined : runtime.hostEntry(path);
  if (entry === undefined) return notFound();
  if (entry !== 'directory') {
    const [, directory = '', name = ''] = /^(.*)\/([^/]*)$/.exec(path) ?? [];
    return text(runtime.hostFiles(directory)[name] ?? '');
  }
  if (rest.length === 0 || rest.at(-1) !== '') return { ...text('', 301), location: `${rest.at(-1) ?? 'logs'}/` };
  const escaped = (name: string) => name.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const links = runtime.hostNames(path).map((name) => `<a href="${encodeURI(name)}">${escaped(name)}</a>\n`);
  return text(`<!doctype html>\n<meta name="viewport" content="width=device-width">\n<pre>\n${links.join('')}</pre>\n`, 200, 'text/html; charset=utf-8');
}

export function containerLogs(it: HostInterface, rest: readonly string[], query: NodeRequest['query']): NodeAnswer {
  const [namespace = '', name = '', container = '', ...more] = rest;
  if (container === '' || more.length > 0) return text('404: Page Not Found', 404);
  const pod = podsOf(it).find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
  if (pod === undefined) return text(`pod ${JSON.stringify(name)} does not exist`, 404);
  const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? []), ...(pod.spec.ephemeralContainers ?? [])];
  if (!all.some((one) => one.name === container)) return text(`container ${JSON.stringify(container)} not found in pod ${JSON.stringify(name)}`, 404);
  const first = (option: string) => query.get(option)?.[0];
  const isSet = (option: string) => ['true', '1'].includes(first(option) ?? '');
  const tail = first('tail') ?? first('tailLines');
  if (tail !== undefined && tail !== 'all' && !/^\d+$/.test(tail)) return text('{"message": "Unable to decode query."}', 400);
  const previous = isSet('previous');
  if (it.server.containerStatus(keyOf(pod), container, previous) === undefined) {
    const what = previous ? `previous terminated container ${JSON.stringify(container)} in pod ${JSON.stringify(name)} not found` : undefined;
    return text(what ?? `container ${JSON.stringify(container)} in pod ${JSON.stringify(name)} is waiting to start: ContainerCreating`, 400);
  }
  const lines = it.server.logs(keyOf(pod), container, { previous });
  const shown = tail === undefined || tail === 'all' ? lines : Number(tail) === 0 ? [] : lines.slice(-Number(tail));
  return text(shown.map((line) => logText(line, isSet('timestamps'))).join(''));
}

const logText = ({ at, text: line, partial }: LogLine, isStamped: boolean): string =>
  `${isStamped ? `${new Date(at).toISOString().slice(0, 23)}000000Z ` : ''}${line}${partial === true ? '' : '\n'}`;
