import type { Url } from "../vocabulary.ts";

/** Design tokens, each a value of CSS. */
export interface AppearanceVariables {
  colorPrimary?: string;
  colorBackground?: string;
  colorText?: string;
  colorTextOnPrimary?: string;
  colorInputBackground?: string;
  colorInputText?: string;
  colorDanger?: string;
  colorSuccess?: string;
  colorWarning?: string;
  colorNeutral?: string;
  fontFamily?: string;
  fontFamilyButtons?: string;
  fontSize?: string;
  borderRadius?: string;
  spacingUnit?: string;
}

/** Class names for the parts of the components. */
export interface AppearanceElements {
  formButtonPrimary?: string;
  formButtonReset?: string;
  formFieldInput?: string;
  formFieldLabel?: string;
  formFieldErrorText?: string;
  card?: string;
  headerTitle?: string;
  headerSubtitle?: string;
  dividerLine?: string;
  dividerText?: string;
  socialButtonsBlockButton?: string;
  socialButtonsProviderIcon?: string;
  footerActionLink?: string;
  userPreviewMainIdentifier?: string;
  userPreviewSecondaryIdentifier?: string;
  userButtonAvatarBox?: string;
  userButtonPopoverActionButton?: string;
}

export interface AppearanceLayout {
  logoImageUrl?: Url | null;
  logoLinkUrl?: Url | null;
  privacyPageUrl?: Url | null;
  termsPageUrl?: Url | null;
  helpPageUrl?: Url | null;
  socialButtonsPlacement?: "top" | "bottom";
  socialButtonsVariant?: "blockButton" | "iconButton";
  showOptionalFields?: boolean;
  animations?: boolean;
}

/** How the sign-in components look. What is absent has its default. */
export interface Appearance {
  variables?: AppearanceVariables;
  elements?: AppearanceElements;
  layout?: AppearanceLayout;
}

export interface AppearanceChange {
  previous: Appearance;
  current: Appearance;
  /** What was changed, in the form of the request that changed it: to send it again is to make the change again. */
  diff: Appearance;
}

export interface AppearanceEvents {
  /**
   * The appearance of the sign-in components changed.
   *
   * @since v0.5
   */
  "instance.config.appearance_updated": AppearanceChange;
}
