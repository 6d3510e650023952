/** The languages of the sign-in components. */
export interface Localization {
  default_locale: string;
  /** Used where a text is not translated. */
  fallback_locale: string;
  supported_locales: string[];
  /** Texts of your own: by locale, then by the text's key, `signIn.start.title`. */
  overrides: Record<string, Record<string, string>>;
}

/** A change: what is absent stays as it is. */
export type LocalizationUpdateRequest = Partial<Localization>;

export interface LocalizationChange {
  previous: Localization;
  current: Localization;
  /** What was changed, in the form of the request that changed it: to send it again is to make the change again. */
  diff: LocalizationUpdateRequest;
}

export interface LocalizationEvents {
  /**
   * The languages of the sign-in components changed, or their texts.
   *
   * @since v0.5
   */
  "localization.updated": LocalizationChange;
}
