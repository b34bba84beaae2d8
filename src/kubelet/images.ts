/** Bringing a container's image to the node: pkg/kubelet/images/image_manager.go, with the serial puller's queue. */
import type { Image } from '../api/cri.js';
import type { Mutable } from '../api/object.js';
import { type Duration, formatDuration, milliseconds } from '../api/time.js';
import type { Container } from '../resources/pod-template/types.js';
import { bump, remainingSinceBump } from './backoff.js';
import type { Step } from './record.js';
import type { Work } from './work.js';

/** The image is there; or it cannot be had now; or a pull is under way. */
export type ImageResult =
  | { readonly present: Image }
  | { readonly reason: string; readonly message: string }
  | { readonly step: Extract<Step, { for: 'pull' }> };

/** One pull at a time on a node (serializeImagePulls): until when the line is busy, and with what. */
interface PullQueue {
  until: number;
  images: Record<string, number>;
}

/** A manifest is looked up even when all its layers are there. */
const RECHECK = 400;

export function ensureImage(work: Work, container: Container): ImageResult {
  const image = container.image ?? '';
  const policy = container.imagePullPolicy ?? 'IfNotPresent';
  const parsed = work.runtime.parseImage(image);
  if ('error' in parsed) {
    const message = `Failed to apply default image tag "${image}": couldn't parse image name "${image}": ${parsed.error}`;
    work.event('Warning', 'InspectFailed', message, container.name);
    return { reason: 'InvalidImageName', message };
  }
  const present = work.runtime.imageStatus(image);
  if (present === undefined && policy === 'Never') {
    const message = `Container image "${image}" is not present with pull policy of Never`;
    work.event('Warning', 'ErrImageNeverPull', message, container.name);
    return { reason: 'ErrImageNeverPull', message };
  }
  if (present !== undefined && policy !== 'Always') {
    work.event('Normal', 'Pulled', `Container image "${image}" already present on machine`, container.name);
    return { present };
  }
  const failed = work.record.pulls?.[image];
  if (failed !== undefined && remainingSinceBump(failed, work.now) > 0) {
    const message = `Back-off pulling image "${image}"`;
    work.event('Normal', 'BackOff', message, container.name);
    return { reason: 'ImagePullBackOff', message: failed.error === undefined ? message : `${message}: ErrImagePull: ${failed.error}` };
  }
  delete failed?.error;
  work.event('Normal', 'Pulling', `Pulling image "${image}"`, container.name);
  return { step: enqueue(work, container.name, image, parsed.normalized) };
}

function enqueue(work: Work, name: string, image: string, normalized: string): Extract<Step, { for: 'pull' }> {
  const { state, keys, runtime } = work.kubelet;
  const queue = state.get<PullQueue>(keys.pulls) ?? { until: 0, images: {} };
  const hasSecrets =
    work.pod.spec.imagePullSecrets?.some(
      (secret) => work.context.api.get('secrets', { namespace: work.key.namespace, name: secret.name ?? '' }) !== undefined,
    ) === true;
  const result = runtime.pull(image, hasSecrets);
  for (const key in queue.images) if ((queue.images[key] as number) <= work.now) delete queue.images[key];
  const isComing = queue.images[normalized] !== undefined;
  const takes = 'image' in result && isComing ? Math.min(result.takes, RECHECK + Math.round(400 * work.spread(`pull/${name}`))) : result.takes;
  const began = Math.max(work.now, queue.until);
  const until = began + takes;
  queue.until = until;
  if ('image' in result) queue.images[normalized] = until;
  state.set(keys.pulls, queue);
  const step: Mutable<Extract<Step, { for: 'pull' }>> = { for: 'pull', name, image, asked: work.now, began, until };
  if ('image' in result) step.pulled = result.image;
  else step.error = result.error;
  return step;
}

/** The pull is over. */
export function finishPull(work: Work, step: Extract<Step, { for: 'pull' }>): ImageResult {
  if (step.pulled === undefined) {
    const error = step.error ?? '';
    work.event('Warning', 'Failed', `Failed to pull image "${step.image}": ${error}`, step.name);
    work.record.pulls = { ...work.record.pulls, [step.image]: { ...bump(work.record.pulls?.[step.image], work.now, work.now), error } };
    return { reason: 'ErrImagePull', message: error };
  }
  work.runtime.store(step.pulled);
  const took = formatDuration(milliseconds(step.until - step.began) as Duration);
  const waited = formatDuration(milliseconds(step.until - step.asked) as Duration);
  work.event(
    'Normal',
    'Pulled',
    `Successfully pulled image "${step.image}" in ${took} (${waited} including waiting). Image size: ${step.pulled.size} bytes.`,
    step.name,
  );
  return { present: step.pulled };
}
