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

const set: readonly Entry[] = [
  { name: 'env', short: 'Change environment variables of a pod template', load: () => import('./set/env.js') },
  { name: 'image', short: 'Change the image of a pod template', load: () => import('./set/image.js') },
  { name: 'resources', short: 'Change requests and limits of objects with pod templates', load: () => import('./set/resources.js') },
  { name: 'selector', short: 'Change the selector of a service', load: () => import('./set/selector.js') },
  { name: 'serviceaccount', aliases: ['sa'], short: 'Change the service account of a workload', load: () => import('./set/serviceaccount.js') },
  { name: 'subject', short: 'Change who a role binding or cluster role binding is for', load: () => import('./set/subject.js') },
];

const secret: readonly Entry[] = [
  { name: 'docker-registry', short: 'Create a secret for a container registry', load: () => import('./create/secret-docker-registry.js') },
  { name: 'generic', short: 'Create a secret from files, directories or literal values', load: () => import('./create/secret-generic.js') },
  { name: 'tls', short: 'Create a TLS secret', load: () => import('./create/secret-tls.js') },
];

const service: readonly Entry[] = [
  { name: 'clusterip', short: 'Create a ClusterIP service', load: () => import('./create/service-clusterip.js') },
  { name: 'externalname', short: 'Create an ExternalName service', load: () => import('./create/service-externalname.js') },
  { name: 'loadbalancer', short: 'Create a LoadBalancer service', load: () => import('./create/service-loadbalancer.js') },
  { name: 'nodeport', short: 'Create a NodePort service', load: () => import('./create/service-nodeport.js') },
];

const create: readonly Entry[] = [
  { name: 'clusterrole', short: 'Create a cluster role', load: () => import('./create/clusterrole.js') },
  { name: 'clusterrolebinding', short: 'Create a cluster role binding', load: () => import('./create/clusterrolebinding.js') },
  { name: 'configmap', aliases: ['cm'], short: 'Create a config map from a file, directory or literal value', load: () => import('./create/configmap.js') },
  { name: 'cronjob', aliases: ['cj'], short: 'Create a cron job', load: () => import('./create/cronjob.js') },
  { name: 'deployment', aliases: ['deploy'], short: 'Create a deployment', load: () => import('./create/deployment.js') },
  { name: 'ingress', aliases: ['ing'], short: 'Create an ingress', load: () => import('./create/ingress.js') },
  { name: 'job', short: 'Create a job', load: () => import('./create/job.js') },
  { name: 'namespace', aliases: ['ns'], short: 'Create a namespace', load: () => import('./create/namespace.js') },
  { name: 'poddisruptionbudget', aliases: ['pdb'], short: 'Create a pod disruption budget', load: () => import('./create/poddisruptionbudget.js') },
  { name: 'priorityclass', aliases: ['pc'], short: 'Create a priority class', load: () => import('./create/priorityclass.js') },
  { name: 'quota', aliases: ['resourcequota'], short: 'Create a resource quota', load: () => import('./create/quota.js') },
  { name: 'role', short: 'Create a role with one rule', load: () => import('./create/role.js') },
  { name: 'rolebinding', short: 'Create a binding of a role or cluster role', load: () => import('./create/rolebinding.js') },
  { name: 'secret', short: 'Create a secret of one of several types', subcommands: secret, load: () => import('./create/secret.js') },
  { name: 'service', aliases: ['svc'], short: 'Create a service of one of several types', subcommands: service, load: () => import('./create/service.js') },
  { name: 'serviceaccount', aliases: ['sa'], short: 'Create a service account', load: () => import('./create/serviceaccount.js') },
  { name: 'token', short: 'Ask for a token of a service account', load: () => import('./create/token.js') },
];

const config: readonly Entry[] = [
  { name: 'current-context', short: 'Show the current context', load: () => import('./config/current-context.js') },
  { name: 'delete-cluster', short: 'Remove a cluster from the kubeconfig', load: () => import('./config/delete-cluster.js') },
  { name: 'delete-context', short: 'Remove a context from the kubeconfig', load: () => import('./config/delete-context.js') },
  { name: 'delete-user', short: 'Remove a user from the kubeconfig', load: () => import('./config/delete-user.js') },
  { name: 'get-clusters', short: 'Show the clusters of the kubeconfig', load: () => import('./config/get-clusters.js') },
  { name: 'get-contexts', short: 'Show one or several contexts', load: () => import('./config/get-contexts.js') },
  { name: 'get-users', short: 'Show the users of the kubeconfig', load: () => import('./config/get-users.js') },
  { name: 'rename-context', short: 'Give a context of the kubeconfig another name', load: () => import('./config/rename-context.js') },
  { name: 'set', short: 'Set one value in a kubeconfig file', load: () => import('./config/set.js') },
  { name: 'set-cluster', short: 'Set a cluster entry of the kubeconfig', load: () => import('./config/set-cluster.js') },
  { name: 'set-context', short: 'Set a context entry of the kubeconfig', load: () => import('./config/set-context.js') },
  { name: 'set-credentials', short: 'Set a user entry of the kubeconfig', load: () => import('./config/set-credentials.js') },
  { name: 'unset', short: 'Remove one value from a kubeconfig file', load: () => import('./config/unset.js') },
  { name: 'use-context', aliases: ['use'], short: 'Choose the current context of a kubeconfig file', load: () => import('./config/use-context.js') },
  { name: 'view', short: 'Show the kubeconfig', load: () => import('./config/view.js') },
];

const apply: readonly Entry[] = [
  { name: 'edit-last-applied', short: 'Edit the last-applied-configuration annotation of an object', load: () => import('./apply-edit-last-applied.js') },
  {
    name: 'set-last-applied',
    short: 'Make the last-applied-configuration annotation of a live object match a file',
    load: () => import('./apply-set-last-applied.js'),
  },
  { name: 'view-last-applied', short: 'Show the last-applied-configuration annotation of an object', load: () => import('./apply-view-last-applied.js') },
];

const top: readonly Entry[] = [
  { name: 'node', aliases: ['nodes', 'no'], short: 'Show the CPU and memory nodes use', load: () => import('./top/node.js') },
  { name: 'pod', aliases: ['pods', 'po'], short: 'Show the CPU and memory pods use', load: () => import('./top/pod.js') },
];

export const groups: readonly Group[] = [
  {
    title: 'Basic Commands (Beginner)',
    commands: [
      { name: 'create', short: 'Create a resource from a file or from stdin', subcommands: create, load: () => import('./create.js') },
      { name: 'expose', short: 'Make a service for a replication controller, service, deployment or pod', load: () => import('./expose.js') },
      { name: 'run', short: 'Run an image on the cluster', load: () => import('./run.js') },
      { name: 'set', short: 'Change one feature of objects', subcommands: set, load: () => import('./set.js') },
    ],
  },
  {
    title: 'Basic Commands (Intermediate)',
    commands: [
      { name: 'explain', short: 'Say what the fields of a resource mean', load: () => import('./explain.js') },
      { name: 'get', short: 'Show one or many resources', suggestFor: ['list', 'ps'], load: () => import('./get.js') },
      { name: 'edit', short: 'Edit a resource on the server', load: () => import('./edit.js') },
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
      { name: 'autoscale', short: 'Let the size of a workload follow its load', load: () => import('./autoscale.js') },
    ],
  },
  {
    title: 'Cluster Management Commands',
    commands: [
      {
        name: 'cluster-info',
        short: 'Show where the cluster is',
        subcommands: [{ name: 'dump', short: 'Dump what helps to find out what is wrong', load: () => import('./cluster-info-dump.js') }],
        load: () => import('./cluster-info.js'),
      },
      { name: 'top', short: 'Show the CPU and memory in use', subcommands: top, load: () => import('./top.js') },
      { name: 'cordon', short: 'Mark a node as unschedulable', load: () => import('./cordon.js') },
      { name: 'uncordon', short: 'Mark a node as schedulable', load: () => import('./uncordon.js') },
      { name: 'drain', short: 'Empty a node before maintenance', load: () => import('./drain.js') },
      { name: 'taint', short: 'Update the taints of nodes', load: () => import('./taint.js') },
    ],
  },
  {
    title: 'Troubleshooting and Debugging Commands',
    commands: [
      { name: 'describe', short: 'Show one or many resources in detail', load: () => import('./describe.js') },
      { name: 'logs', short: 'Print what a container has logged', load: () => import('./logs.js') },
      { name: 'attach', short: 'Attach to a running container', load: () => import('./attach.js') },
      { name: 'exec', short: 'Execute a command in a container', load: () => import('./exec.js') },
      { name: 'events', short: 'List events', load: () => import('./events.js') },
    ],
  },
  {
    title: 'Advanced Commands',
    commands: [
      { name: 'apply', short: 'Apply a configuration from a file or from stdin', subcommands: apply, load: () => import('./apply.js') },
      { name: 'patch', short: 'Change fields of a resource', load: () => import('./patch.js') },
      { name: 'replace', short: 'Replace a resource by what a file or stdin says', load: () => import('./replace.js') },
      { name: 'wait', short: 'Experimental: wait for a condition of one or many resources', suggestFor: ['list', 'ps'], load: () => import('./wait.js') },
      { name: 'kustomize', short: 'Build a kustomization from a directory', load: () => import('./kustomize.js') },
    ],
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
export const others: readonly Entry[] = [
  { name: 'config', short: 'Change kubeconfig files', subcommands: config, load: () => import('./config.js') },
  { name: 'version', short: 'Print the versions of client and server', load: () => import('./version.js') },
  { name: 'api-versions', short: 'Print the API versions of the server as "group/version"', load: () => import('./api-versions.js') },
  { name: 'api-resources', short: 'Print the API resources of the server', load: () => import('./api-resources.js') },
  { name: 'options', short: 'Print the flags every command takes', hidden: true, load: () => import('./options.js') },
  { name: 'help', short: 'Help about a command', hidden: true, load: () => import('./options.js') },
];
