/** Loaded before any schema: zod would otherwise try `new Function`, which the page's policy forbids and reports. */
import { config } from 'zod';

config({ jitless: true });
