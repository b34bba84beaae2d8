/** The list of commands, in the order help shows them; `others` are those help puts last. Each is loaded when it is run. */
import type { Entry, Group } from './entry.js';

const rollout: readonly Entry[] = [
  { name: 'history', short: 'View the revisions of a workload', load: () => import('./rollout/history.js') },
  { name: 'pause', short: 'Mark a workload as paused', load: () => import('./rollout/pause.js') },
  { name: 'restart', short: 'Replace the pods of a workload', load: () => import('./rollout/restart.js') },
  { name: 'resume', short: 'Go on with a paused workload', load: () => import('./rollout/resume.js') },
  { name: 'status', short: 'Watch a rollout until it is done', load: () => import('./rollout/status.js') },
  { name: 'undo', short: 'Go back to an earlier revision', load: () => import('./rollout/undo.js') },
];

const set: readonly Entry[] = [{ name: 'image', short: 'Change the image of a pod template', load: () => import('./set/image.js') }];

const create: readonly Entry[] = [];

const apply: readonly Entry[] = [];

export const groups: readonly Group[] = [
  {
    title: 'Basic Commands (Beginner)',
    commands: [
      { name: 'create', short: 'Create a resource from a file or from stdin', subcommands: create, load: () => import('./create.js') },
      { name: 'set', short: 'Change one feature of objects', subcommands: set, load: () => import('./set.js') },
    ],
  },
  {
    title: 'Basic Commands (Intermediate)',
    commands: [
      { name: 'get', short: 'Show one or many resources', suggestFor: ['list', 'ps'], load: () => import('./get.js') },
      {
        name: 'delete',
        short: 'Delete resources by file name, stdin, type and name, or type and label selector',
        suggestFor: ['rm'],
        load: () => import('./delete.js'),
      },
    ],
  },
  {
    title: 'Deploy Commands',
    commands: [
      { name: 'rollout', short: 'Manage how a workload is rolled out', subcommands: rollout, load: () => import('./rollout.js') },
      { name: 'scale', short: 'Set the size of a deployment, replica set or replication controller', suggestFor: ['resize'], load: () => import('./scale.js') },
    ],
  },
  {
    title: 'Cluster Management Commands',
    commands: [
      { name: 'cordon', short: 'Mark a node as unschedulable', load: () => import('./cordon.js') },
      { name: 'uncordon', short: 'Mark a node as schedulable', load: () => import('./uncordon.js') },
      { name: 'drain', short: 'Drain a node in preparation for maintenance', load: () => import('./drain.js') },
      { name: 'taint', short: 'Update the taints on one or more nodes', load: () => import('./taint.js') },
    ],
  },
  {
    title: 'Troubleshooting and Debugging Commands',
    commands: [
      { name: 'describe', short: 'Show one or many resources in detail', load: () => import('./describe.js') },
      { name: 'logs', short: 'Print what a container has logged', load: () => import('./logs.js') },
    ],
  },
  {
    title: 'Advanced Commands',
    commands: [{ name: 'apply', short: 'Apply a configuration from a file or from stdin', subcommands: apply, load: () => import('./apply.js') }],
  },
  {
    title: 'Settings Commands',
    commands: [
      { name: 'label', short: 'Update the labels of a resource', load: () => import('./label.js') },
      { name: 'annotate', short: 'Update the annotations of a resource', load: () => import('./annotate.js') },
    ],
  },
];

/** Help lists these last, by name; cobra looks through them in this order. */
export const others: readonly Entry[] = [];
