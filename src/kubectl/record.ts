/**
 * --record: the command line goes into the annotation that `rollout history` shows as the CHANGE-CAUSE
 * (cli-runtime pkg/genericclioptions/record_flags.go). Deprecated, and much used all the same.
 */
import type { KubeObject } from '../api/object.js';
import type { Factory, Flag, FlagValues } from './command.js';

export const CHANGE_CAUSE = 'kubernetes.io/change-cause';

export const RECORD: Flag = {
  name: 'record',
  type: 'bool',
  usage: 'Note this command in an annotation of the object.',
  deprecated: '--record will be removed in the future',
};

const isRecording = (flags: FlagValues): boolean => flags.has('record') && flags.bool('record');

/** The object with the command in its annotation, if --record was given; else the object itself. */
export function recorded(factory: Factory, flags: FlagValues, object: KubeObject): KubeObject {
  if (!isRecording(flags)) return object;
  const { metadata } = object;
  return { ...object, metadata: { ...metadata, annotations: { ...metadata.annotations, [CHANGE_CAUSE]: factory.changeCause } } };
}

/** The merge patch that notes the command on an object already changed; undefined: there is nothing to note. */
export function recordPatch(factory: Factory, flags: FlagValues, object: KubeObject): { readonly metadata: object } | undefined {
  if (!isRecording(flags) || object.metadata.annotations?.[CHANGE_CAUSE] === factory.changeCause) return undefined;
  return { metadata: { annotations: { [CHANGE_CAUSE]: factory.changeCause } } };
}
