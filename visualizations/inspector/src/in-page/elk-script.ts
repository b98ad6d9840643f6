/**
 * elkjs as a script for the thread of a page, where a policy forbids workers: it finds the module system that it looks
 * for, leaves nothing else behind than `chartroomElk`, and its own text is as it was. `build.ts` puts the hash of this
 * into the policy of the app.
 */
export function elkScript(program: string): string {
  return `(function (module, exports) {${program}\nglobalThis.chartroomElk = module.exports.Worker;\n})({ exports: {} }, {});`;
}
