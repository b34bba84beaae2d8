/** Processes in containers that watch what is in the cluster (`kubectl get -w`, `kubectl wait`): which there are, and the loop that tells them of changes. */
import type { ObjectKey } from '../api/object.js';
import type { Reconciler, StateMap } from '../api/reconciler.js';
import type { ResourceId } from '../api/verbs.js';

interface Follower {
  /** `namespace/name`. */
  readonly pod: string;
  readonly resources: readonly ResourceId[];
}

const PREFIX = 'following/';
const keyFor = (node: string, sandbox: string): string => `${PREFIX}${node}/${sandbox}`;
const NONE: readonly never[] = [];

export class Following {
  /** By resource: asked with every change. */
  private known: Map<ResourceId, ObjectKey[]> | undefined;

  constructor(private readonly state: StateMap) {}

  /** `resources`: absent: it follows nothing any more. */
  set(node: string, sandbox: string, pod: string, resources: readonly ResourceId[] | undefined): void {
    const follower: Follower | undefined = resources === undefined ? undefined : { pod, resources };
    if (follower === undefined) this.state.delete(keyFor(node, sandbox));
    else this.state.set(keyFor(node, sandbox), follower);
    this.known = undefined;
  }

  /** `tell`: a sandbox is to look at what has changed. */
  loop(tell: (node: string, sandbox: string, pod: string) => void): Reconciler {
    return {
      name: 'following',
      watches: [{ resource: '*', keys: ({ resource }) => this.of(resource) }],
      reconcile: ({ namespace: node, name: sandbox }) => {
        const follower = this.state.get<Follower>(keyFor(node, sandbox));
        if (follower !== undefined) tell(node, sandbox, follower.pod);
        return undefined;
      },
    };
  }

  private of(resource: ResourceId): readonly ObjectKey[] {
    this.known ??= this.load();
    return this.known.size === 0 ? NONE : (this.known.get(resource) ?? NONE);
  }

  private load(): Map<ResourceId, ObjectKey[]> {
    const known = new Map<ResourceId, ObjectKey[]>();
    for (const key of this.state.keys(PREFIX)) {
      const [node = '', sandbox = ''] = key.slice(PREFIX.length).split('/');
      for (const resource of this.state.get<Follower>(key)?.resources ?? [])
        known.set(resource, [...(known.get(resource) ?? []), { namespace: node, name: sandbox }]);
    }
    return known;
  }
}
