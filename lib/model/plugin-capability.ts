/** What a CNI plugin is judged by, in the order in which one writes it (CNI specification 1.1). */
export const PLUGIN_CAPABILITIES = [
  'version',
  'add',
  'delete',
  'check',
  'status',
  'collect',
  'parallel',
] as const;

export type PluginCapability = (typeof PLUGIN_CAPABILITIES)[number];

/** What a plugin did: `right`, or what was seen instead, what that means, and where to look. */
export interface PluginVerdict {
  readonly right: boolean;
  readonly saw: string;
  /** Empty where it is right. */
  readonly means: string;
  /** Empty where it is right. */
  readonly look: string;
}
