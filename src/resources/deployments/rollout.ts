/** A Deployment's ways from one ReplicaSet to another: pkg/controller/deployment/{sync,rolling,recreate}.go. */
import { StatusError } from '../../api/errors.js';
import { controllerOf, keyOf } from '../../api/object.js';
import type { Context } from '../../api/reconciler.js';
import { controllerReference, ownedBy } from '../../controllers/owned.js';
import { podTemplateHash } from '../../controllers/pod-template-hash.js';
import { isNamespaceTerminating, isTerminal } from '../../controllers/pods.js';
import type { Pod } from '../pods/types.js';
import type { ReplicaSet } from '../replicasets/types.js';
import {
  activeOf,
  annotationsBack,
  annotationsOfNew,
  availableOf,
  byCreation,
  DESIRED_REPLICAS,
  findNew,
  isRollingUpdate,
  isSameTemplate,
  lastRevision,
  MAX_REPLICAS,
  maxRevision,
  maxSurge,
  maxUnavailable,
  nextSize,
  REVISION,
  ROLLBACK_TO,
  replicasOf,
  revisionOf,
  rollbackOf,
  sizeAnnotations,
  sum,
  TEMPLATE_HASH,
  total,
} from './replica-sets.js';
import { actualOf, conditionOf, hasProgressDeadline, isComplete, newCondition, setCondition } from './status.js';
import type { Deployment, DeploymentStatus } from './types.js';

const SETS = 'replicasets.apps';
const WRITE = { fieldManager: 'kube-controller-manager' } as const;
/** revisionHistoryLimit that means all are kept: math.MaxInt32. */
const KEEP_ALL = 2 ** 31 - 1;

/** One sync of one Deployment. Writing replaces what was read: `deployment`, `newSet` and `oldSets` are always as stored. */
export class Rollout {
  newSet: ReplicaSet | undefined;
  oldSets: readonly ReplicaSet[] = [];

  constructor(
    public deployment: Deployment,
    private sets: readonly ReplicaSet[],
    private readonly context: Context,
  ) {}

  get all(): readonly ReplicaSet[] {
    return this.newSet === undefined ? this.oldSets : [...this.oldSets, this.newSet];
  }

  writeStatus(status: DeploymentStatus, annotations = this.deployment.metadata.annotations): void {
    const { deployment } = this;
    const metadata = annotations === undefined ? deployment.metadata : { ...deployment.metadata, annotations };
    this.deployment = this.context.api.updateStatus<Deployment>('deployments.apps', { ...deployment, metadata, status }, WRITE);
  }

  /** getAllReplicaSetsAndSyncRevision. Returns false when the new set could not be made. */
  findSets(isCreating: boolean): boolean {
    const { deployment, sets } = this;
    const found = findNew(deployment, sets);
    this.oldSets = sets.filter((set) => set.metadata.uid !== found?.metadata.uid);
    const revision = maxRevision(this.oldSets) + 1n;
    if (found !== undefined) this.newSet = this.adoptNew(found, revision);
    else if (isCreating) return this.createNew(revision);
    return true;
  }

  /** rollback.go: to the template of the revision that is asked for; the wish is gone afterwards, whatever came of it. */
  rollback(asked: bigint): void {
    const { deployment, all } = this;
    const revision = asked === 0n ? lastRevision(all) : asked;
    const set = revision === 0n ? undefined : all.find((one) => revisionOf(one) === revision);
    const done = this.rollbackTo(set);
    const { [ROLLBACK_TO]: _, ...annotations } = (done ?? deployment).metadata.annotations ?? {};
    const { spec, metadata } = done ?? deployment;
    this.deployment = this.context.api.update<Deployment>('deployments.apps', { ...deployment, spec, metadata: { ...metadata, annotations } }, WRITE);
    if (done !== undefined)
      this.context.event(deployment, 'Normal', 'DeploymentRollback', `Rolled back deployment "${deployment.metadata.name}" to revision ${revision}`);
  }

  /** Undefined, with a word about it: there is nothing to do. */
  private rollbackTo(set: ReplicaSet | undefined): Deployment | undefined {
    const { deployment, context } = this;
    const refuse = (reason: string, message: string): undefined => context.event(deployment, 'Warning', reason, message) as undefined;
    if (set === undefined) {
      const isLast = rollbackOf(deployment) === 0n && lastRevision(this.all) === 0n;
      return refuse('DeploymentRollbackRevisionNotFound', isLast ? 'Unable to find last revision.' : 'Unable to find the revision to rollback to.');
    }
    const { template } = set.spec;
    if (isSameTemplate(template, deployment.spec.template))
      return refuse(
        'DeploymentRollbackTemplateUnchanged',
        `The rollback revision contains the same template as current deployment "${deployment.metadata.name}"`,
      );
    const { [TEMPLATE_HASH]: _, ...labels } = template?.metadata?.labels ?? {};
    return {
      ...deployment,
      metadata: { ...deployment.metadata, annotations: annotationsBack(deployment, set) },
      spec: { ...deployment.spec, template: { ...template, metadata: { ...template?.metadata, labels } } },
    };
  }

  private adoptNew(found: ReplicaSet, revision: bigint): ReplicaSet {
    const { deployment, context } = this;
    const annotations = annotationsOfNew(deployment, found, revision);
    const minReadySeconds = deployment.spec.minReadySeconds ?? 0;
    if (
      Object.entries(annotations).some(([key, value]) => found.metadata.annotations?.[key] !== value) ||
      (found.spec.minReadySeconds ?? 0) !== minReadySeconds
    ) {
      const { minReadySeconds: _, ...spec } = found.spec;
      const updated = context.api.update<ReplicaSet>(
        SETS,
        { ...found, metadata: { ...found.metadata, annotations }, spec: minReadySeconds === 0 ? spec : { ...spec, minReadySeconds } },
        WRITE,
      );
      this.sets = this.sets.map((set) => (set === found ? updated : set));
      return updated;
    }
    const isNewToProgress = hasProgressDeadline(deployment) && conditionOf(deployment.status, 'Progressing') === undefined;
    const conditions = isNewToProgress
      ? setCondition(
          deployment.status?.conditions,
          newCondition('Progressing', 'True', 'FoundNewReplicaSet', `Found new replica set "${found.metadata.name}"`, context.now),
        )
      : undefined;
    this.noteRevision(found.metadata.annotations?.[REVISION] ?? '', conditions);
    return found;
  }

  /** Writes revision and conditions onto the Deployment, if they are news. */
  private noteRevision(revision: string, conditions: DeploymentStatus['conditions']): void {
    const { metadata, status } = this.deployment;
    if (metadata.annotations?.[REVISION] === revision && conditions === undefined) return;
    this.writeStatus(conditions === undefined ? { ...status } : { ...status, conditions }, { ...metadata.annotations, [REVISION]: revision });
  }

  private createNew(revision: bigint): boolean {
    const { deployment, context } = this;
    const { template, selector, minReadySeconds } = deployment.spec;
    const hash = podTemplateHash(template, deployment.status?.collisionCount);
    const labels = { ...template.metadata?.labels, [TEMPLATE_HASH]: hash };
    const replicas = nextSize(deployment, this.oldSets, 0);
    const wanted: ReplicaSet = {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${deployment.metadata.name}-${hash}`,
        namespace: deployment.metadata.namespace ?? '',
        ownerReferences: [controllerReference(deployment)],
        labels,
        annotations: annotationsOfNew(deployment, undefined, revision),
      },
      spec: {
        replicas,
        ...(minReadySeconds ? { minReadySeconds } : {}),
        selector: { ...selector, matchLabels: { ...selector?.matchLabels, [TEMPLATE_HASH]: hash } },
        template: { ...template, metadata: { ...template.metadata, labels } },
      },
    };
    try {
      this.newSet = context.api.create<ReplicaSet>(SETS, wanted, WRITE);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      return this.createFailed(wanted, error);
    }
    const name = this.newSet.metadata.name;
    if (replicas > 0) context.event(deployment, 'Normal', 'ScalingReplicaSet', `Scaled up replica set ${name} from 0 to ${replicas}`);
    const created = newCondition('Progressing', 'True', 'NewReplicaSetCreated', `Created new replica set "${name}"`, context.now);
    this.noteRevision(String(revision), hasProgressDeadline(deployment) ? setCondition(deployment.status?.conditions, created) : undefined);
    return true;
  }

  private createFailed(wanted: ReplicaSet, error: StatusError): boolean {
    const { deployment, context } = this;
    if (error.reason === 'AlreadyExists') {
      const there = context.api.get<ReplicaSet>(SETS, keyOf(wanted));
      if (there !== undefined && controllerOf(there)?.uid === deployment.metadata.uid && isSameTemplate(there.spec.template, deployment.spec.template)) {
        this.newSet = there;
        return true;
      }
      // Somebody else's set has the name: the next try hashes with another count.
      this.writeStatus({ ...deployment.status, collisionCount: (deployment.status?.collisionCount ?? 0) + 1 });
      return false;
    }
    if (isNamespaceTerminating(error)) return false;
    const message = `Failed to create new replica set "${wanted.metadata.name}": ${error.message}`;
    if (hasProgressDeadline(deployment)) {
      const condition = newCondition('Progressing', 'False', 'ReplicaSetCreateError', message, context.now);
      this.writeStatus({ ...deployment.status, conditions: setCondition(deployment.status?.conditions, condition) });
    }
    context.event(deployment, 'Warning', 'ReplicaSetCreateError', message);
    return false;
  }

  /** isScalingEvent: some active set was sized for another number of replicas. */
  isScaling(): boolean {
    return activeOf(this.all).some((set) => {
      const desired = set.metadata.annotations?.[DESIRED_REPLICAS];
      return desired !== undefined && Number(desired) !== replicasOf(this.deployment);
    });
  }

  /** scale: to a new number of replicas, in the middle of a rollout in proportion to what the sets have. */
  scale(): void {
    const { deployment, newSet } = this;
    const active = activeOf(this.all);
    const replicas = replicasOf(deployment);
    const only = active.length === 1 ? active[0] : active.length === 0 ? (newSet ?? this.oldSets.toSorted(byCreation).at(-1)) : undefined;
    if (only !== undefined) {
      this.resize(only, replicas);
    } else if (
      newSet !== undefined &&
      replicasOf(newSet) === replicas &&
      availableOf(newSet) === replicas &&
      Number(newSet.metadata.annotations?.[DESIRED_REPLICAS]) === replicas
    ) {
      for (const set of activeOf(this.oldSets)) this.resize(set, 0);
    } else if (isRollingUpdate(deployment)) this.scaleProportionally(active);
  }

  private scaleProportionally(active: readonly ReplicaSet[]): void {
    const replicas = replicasOf(this.deployment);
    const toAdd = (replicas > 0 ? replicas + maxSurge(this.deployment) : 0) - total(active);
    // The largest first; of equal ones the newer when growing, the older when shrinking.
    const sorted = active.toSorted((a, b) => replicasOf(b) - replicasOf(a) || (toAdd > 0 ? byCreation(b, a) : byCreation(a, b)));
    let added = 0;
    const sizes = sorted.map((set) => {
      const share = this.share(set, toAdd, added);
      added += share;
      return replicasOf(set) + share;
    });
    sorted.forEach((set, i) => {
      const leftover = i === 0 ? toAdd - added : 0;
      this.resize(set, Math.max(0, (sizes[i] as number) + leftover), true);
    });
  }

  /** GetReplicaSetProportion. */
  private share(set: ReplicaSet, toAdd: number, added: number): number {
    const { deployment } = this;
    const size = replicasOf(set);
    if (size === 0 || toAdd === 0 || toAdd === added) return 0;
    const replicas = replicasOf(deployment);
    const before = Number(set.metadata.annotations?.[MAX_REPLICAS]) || (deployment.status?.replicas ?? 0);
    const fraction = replicas === 0 ? -size : before === 0 ? 0 : roundHalfAway((size * (replicas + maxSurge(deployment))) / before) - size;
    return toAdd > 0 ? Math.min(fraction, toAdd - added) : Math.max(fraction, toAdd - added);
  }

  /** Sets the size and notes what it was for; `isAlways`: note it even when the size stays. Returns whether the size changed. */
  private resize(set: ReplicaSet, replicas: number, isAlways = false): boolean {
    const from = replicasOf(set);
    if (from === replicas && !isAlways) return false;
    const annotations = { ...set.metadata.annotations, ...sizeAnnotations(this.deployment) };
    const next = this.context.api.update<ReplicaSet>(SETS, { ...set, metadata: { ...set.metadata, annotations }, spec: { ...set.spec, replicas } }, WRITE);
    if (this.newSet?.metadata.uid === next.metadata.uid) this.newSet = next;
    else this.oldSets = this.oldSets.map((old) => (old.metadata.uid === next.metadata.uid ? next : old));
    if (from === replicas) return false;
    const text = `Scaled ${from < replicas ? 'up' : 'down'} replica set ${next.metadata.name} from ${from} to ${replicas}`;
    this.context.event(this.deployment, 'Normal', 'ScalingReplicaSet', text);
    return true;
  }

  /** rolloutRolling: one step a sync, up if there is room, else down if enough are available, else what completion asks for. */
  rollingUpdate(): boolean {
    if (!this.findSets(true) || this.newSet === undefined) return false;
    if (this.growNew(this.newSet) || this.shrinkOld(this.newSet)) return true;
    if (isComplete(this.deployment, this.deployment.status)) this.cleanUp();
    return true;
  }

  private growNew(newSet: ReplicaSet): boolean {
    const replicas = replicasOf(this.deployment);
    if (replicasOf(newSet) === replicas) return false;
    return this.resize(newSet, replicasOf(newSet) > replicas ? replicas : nextSize(this.deployment, this.all, replicasOf(newSet)));
  }

  private shrinkOld(newSet: ReplicaSet): boolean {
    const old = activeOf(this.oldSets);
    if (old.length === 0) return false;
    const minAvailable = replicasOf(this.deployment) - maxUnavailable(this.deployment);
    const most = total(this.all) - minAvailable - (replicasOf(newSet) - availableOf(newSet));
    if (most <= 0) return false;
    let cleaned = 0;
    // What is not available costs nothing to take away.
    for (const set of old.toSorted(byCreation)) {
      if (cleaned >= most) break;
      const count = Math.min(most - cleaned, replicasOf(set) - availableOf(set));
      // Its status still counts pods that are to go: what is available cannot be told before it does not.
      if (count < 0) return false;
      if (count === 0) continue;
      this.resize(set, replicasOf(set) - count);
      cleaned += count;
    }
    let spare = sum(this.all, availableOf) - minAvailable;
    for (const set of activeOf(this.oldSets).toSorted(byCreation)) {
      if (spare <= 0) break;
      const count = Math.min(replicasOf(set), spare);
      this.resize(set, replicasOf(set) - count);
      spare -= count;
      cleaned += count;
    }
    return cleaned > 0;
  }

  /** rolloutRecreate: all old pods have to be gone before the first new one. */
  recreate(): boolean {
    if (!this.findSets(false)) return false;
    const active = activeOf(this.oldSets);
    for (const set of active) this.resize(set, 0);
    if (active.length > 0 || this.hasOldPods()) return true;
    if (this.newSet === undefined && !this.findSets(true)) return false;
    if (this.newSet !== undefined) this.resize(this.newSet, replicasOf(this.deployment));
    if (isComplete(this.deployment, this.deployment.status)) this.cleanUp();
    return true;
  }

  private hasOldPods(): boolean {
    return this.oldSets.some((set) => actualOf(set) > 0 || ownedBy<Pod>(this.context.api, 'pods', set).some((pod) => !isTerminal(pod)));
  }

  /** cleanupDeployment: old sets beyond the history limit, the lowest revision first, if nothing is left of them. */
  cleanUp(): void {
    const limit = this.deployment.spec.revisionHistoryLimit;
    if (limit === undefined || limit === KEEP_ALL) return;
    const alive = this.oldSets.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    for (const set of alive.toSorted((a, b) => Number(revisionOf(a) - revisionOf(b)) || byCreation(a, b)).slice(0, Math.max(0, alive.length - limit))) {
      if (actualOf(set) !== 0 || replicasOf(set) !== 0 || (set.metadata.generation ?? 0) > (set.status?.observedGeneration ?? 0)) continue;
      this.context.api.delete(SETS, keyOf(set));
      this.oldSets = this.oldSets.filter((old) => old !== set);
    }
  }
}

/** integer.RoundToInt32: halves away from zero. */
const roundHalfAway = (value: number): number => Math.sign(value) * Math.round(Math.abs(value));
