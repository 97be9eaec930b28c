// The sources that --from names.
import { auth0 } from './auth0.ts';
import { betterAuth } from './better-auth.ts';
import { csv } from './csv.ts';
import { django } from './django.ts';
import { firebase } from './firebase.ts';
import { flask } from './flask.ts';
import { latchkey } from './latchkey.ts';
import type { Source } from './source.ts';
import { supabase } from './supabase.ts';

export const SOURCES: Readonly<Record<string, Source>> = {
  latchkey,
  csv,
  django,
  flask,
  supabase,
  'better-auth': betterAuth,
  firebase,
  auth0,
};
