// Node's crypto module, loaded for the first hash of another service: with it come Node's streams, which every start of
// an isolate would otherwise pay for.

export const nodeCrypto = (): typeof import('node:crypto') => process.getBuiltinModule('node:crypto');
