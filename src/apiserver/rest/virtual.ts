/** Answers for kinds that are not kept: reviews, bindings by their own path, metrics. */
import { methodNotSupported, unknownResource } from '../../api/errors.js';
import type { NodeProxies } from '../../api/node-proxy.js';
import type { KubeObject } from '../../api/object.js';
import type { Schemas } from '../../api/resource.js';
import { formatTime, type Time } from '../../api/time.js';
import { reviews } from '../authorization/reviews.js';
import { ownedAfterCreation, writeOwners } from '../managed-fields/entries.js';
import type { AnswerVirtual } from '../rest.js';
import { json } from './answer.js';
import { decodeBody, readBody } from './body.js';
import { metrics } from './metrics.js';
import { negotiate } from './negotiate.js';
import { writeOptions } from './options.js';
import type { ReadContext } from './read.js';
import { METRICS } from './virtual-kinds.js';
import type { WriteSide } from './write.js';

export function virtual(context: ReadContext, side: WriteSide, nodes: NodeProxies): AnswerVirtual {
  return (target, { query, method }, request, user) => {
    if (target.group === METRICS) {
      if (method !== 'GET') throw methodNotSupported();
      return metrics(context, nodes, target, query);
    }
    if (method !== 'POST' || target.name !== '') throw methodNotSupported();
    negotiate(request.headers['accept'], undefined, undefined, false);
    const options = writeOptions('CreateOptions', request, query, false, () => {});
    const schemas = side.schemas();
    if (target.group === '') {
      const names = { group: '', version: 'v1', kind: 'Binding', plural: 'bindings', singular: 'binding', shortNames: [], namespaced: true, categories: [] };
      const key = { namespace: target.namespace, name: '' };
      const binding = decodeBody(schemas, { names, schema: 'V1Binding' }, readBody(request, 'Binding'), key, options);
      const pod = { namespace: target.namespace, name: binding.metadata.name ?? '' };
      return json(side.verbs.clients.subresource('pods', pod, 'binding', 'create', binding, { ...options, subresource: 'binding' }).answer, 201);
    }
    const review = reviews.find(({ names }) => names.group === target.group && names.plural === target.plural);
    if (review === undefined) throw unknownResource();
    const body = decodeBody(schemas, review, readBody(request, review.names.kind), { namespace: target.namespace, name: '' }, options);
    const owned = withOwner(schemas, review.schema, body, options.fieldManager ?? '', context.now());
    return json(review.answer(context.store, user, owned, target.namespace, context.now()), 201);
  };
}

/** A review is created as other objects are, so who sends it owns what is sent. */
function withOwner(schemas: Schemas, schema: string, sent: KubeObject, manager: string, now: Time): KubeObject {
  const set = ownedAfterCreation(schemas, schema, sent);
  if (set.isEmpty) return sent;
  const managedFields = writeOwners([{ manager, operation: 'Update', apiVersion: sent.apiVersion ?? '', time: formatTime(now), set }]);
  return { ...sent, metadata: { ...sent.metadata, managedFields } };
}
