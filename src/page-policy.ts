interface FeaturePolicy {
  allowsFeature(name: string): boolean;
}

/**
 * Whether a policy of the page, or of a frame around it, withholds a feature (Permissions Policy). Chromium says, and
 * Firefox behind a switch.
 * @returns undefined where the browser does not say
 */
export const policyForbids = (feature: 'microphone' | 'screen-wake-lock'): boolean | undefined => {
  const { featurePolicy } = document as { featurePolicy?: FeaturePolicy };
  return featurePolicy && !featurePolicy.allowsFeature(feature);
};

/** A page of the web without an origin: in a frame with `sandbox` and no `allow-same-origin`. It may have no microphone. */
export const hasNoOrigin = (): boolean => origin === 'null' && /^(?:https?|about):$/.test(location.protocol);
