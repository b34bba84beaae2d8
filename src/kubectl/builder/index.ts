/** -f, -k, stdin, TYPE/NAME, -l, --all → the objects meant: k8s.io/cli-runtime pkg/resource. */
export { LOCAL_NEEDS_FILES, listResource, NOTHING_NAMED, resolveType, splitArguments } from './arguments.js';
export { addSource, fetchInfo, type Info, namespaceMustExist, targetOf } from './info.js';
export { hasFiles, type Request, requestOf, requireFiles } from './request.js';
export { collect, type Outcome, visit, visitAll } from './visit.js';
