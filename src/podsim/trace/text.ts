/** A trace as text: one section a component, one line a step. */
import type { ChalkInstance } from 'chalk';
import { offsetText } from '../timeline/axis.js';
import type { Component, PodTrace, TraceStep } from './model.js';

export interface TraceTextOptions {
  readonly width: number;
  /** Long lines are broken at the width. */
  readonly isWrapped: boolean;
  readonly colour: ChalkInstance;
}

/** What each does, in a line. */
const ROLES: readonly { readonly component: Component; readonly role: string }[] = [
  { component: 'client', role: 'sends the request' },
  { component: 'kube-apiserver', role: 'authenticates, authorizes, fills in defaults, admits, validates; the only one that talks to etcd' },
  { component: 'etcd', role: 'keeps the object; each write gets a new resourceVersion, and watchers are told' },
  { component: 'kube-scheduler', role: 'sees a pod without spec.nodeName: filters the nodes, scores the rest, binds the pod to the best' },
  { component: 'kubelet', role: 'of the chosen node: brings the containers about, probes them, reports the status' },
  { component: 'container runtime', role: 'what the kubelet has it do over the CRI' },
  { component: 'termination', role: 'the same components on the way out' },
];

export function traceText(trace: PodTrace, options: TraceTextOptions): string {
  const { timeline, steps, client } = trace;
  const { colour } = options;
  const facts = [
    timeline.phase === undefined ? '' : `phase ${timeline.phase}`,
    timeline.isGone ? 'removed' : timeline.isTerminating ? 'terminating' : '',
    timeline.node ?? 'no node',
  ];
  const lines = [`${colour.bold(`pod ${timeline.namespace}/${timeline.name}`)}  ${facts.filter((fact) => fact !== '').join('  ')}`];
  const times = Math.max(...steps.map((step) => timeText(trace, step).length), 3);
  const names = Math.max(...steps.map(({ step }) => step.length), 4);
  let number = 0;
  for (const { component, role } of ROLES) {
    const own = steps.filter((step) => step.component === component);
    if (own.length === 0) continue;
    number++;
    lines.push('', `${colour.bold.cyan(`${number}. ${component === 'client' ? client : component}`)}  ${colour.dim(role)}`);
    for (const step of own) lines.push(...stepLines(trace, step, times, names, options));
  }
  lines.push(...timeline.notes.flatMap((note, i) => [...(i === 0 ? [''] : []), `Note: ${note}`]));
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function timeText({ timeline }: PodTrace, { at, isApproximate, source }: TraceStep): string {
  if (source === 'recomputed') return 'now';
  if (at === undefined) return '';
  const offset = at - timeline.from;
  const shown = offset < 60_000 ? Math.round(offset / 100) * 100 : Math.round(offset / 1000) * 1000;
  return `${isApproximate === true ? '~' : '+'}${offsetText(shown)}`;
}

function stepLines(trace: PodTrace, step: TraceStep, times: number, names: number, options: TraceTextOptions): readonly string[] {
  const front = `  ${timeText(trace, step).padStart(times)}  ${step.step.padEnd(names)}  `;
  const indent = ' '.repeat(front.length);
  const room = Math.max(30, options.width - front.length);
  const [first = '', ...rest] = [
    ...broken(step.message, room, options),
    ...(step.details ?? []).flatMap((line) => broken(line, room - 2, options).map((one) => `  ${one}`)),
  ];
  const lines = [front + first, ...rest.map((line) => indent + line)];
  return step.type === 'Warning' ? lines.map((line) => options.colour.yellow(line)) : lines;
}

function broken(text: string, room: number, { isWrapped }: TraceTextOptions): readonly string[] {
  if (!isWrapped || text.length <= room) return [text];
  const lines: string[] = [];
  let rest = text;
  while (rest.length > room) {
    const space = rest.lastIndexOf(' ', room);
    const cut = space > room / 3 ? space : room;
    lines.push(rest.slice(0, cut));
    rest = rest.slice(cut).trimStart();
  }
  return [...lines, rest];
}
