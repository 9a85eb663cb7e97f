/** What is remembered of one user. */
export interface MemoryList {
  readonly tenantId: string;
  readonly userId: string;
  /** Sessions that are stored of the user. */
  readonly sessions: number;
  /** The last observed first; replaced ones too. */
  readonly facts: readonly {
    readonly id: string;
    readonly kind: string;
    readonly subject: string;
    readonly attribute: string;
    readonly text: string;
    /** Conversation that it was learned in. */
    readonly source: string;
    readonly observedAt: string;
    readonly expiresAt: string | null;
    /** Whether it is still what holds; `false` for history. */
    readonly isCurrent: boolean;
    readonly replacedBy: string | null;
  }[];
}

/** What a receipt of a deletion states, and the signature on it. */
export interface DeletionReceipt {
  readonly receipt: {
    readonly id: string;
    readonly user: { readonly salt: string; readonly hash: string };
    readonly requestedAt: string;
    readonly completedAt: string;
    readonly interruptions: number;
    readonly stores: readonly {
      readonly store: string;
      readonly removed: { readonly [kind: string]: number };
    }[];
    readonly verification: {
      readonly files: number;
      readonly bytes: number;
      readonly texts: number;
      readonly patterns: number;
      readonly sharedTexts: number;
      readonly filesWithHits: readonly string[];
    };
    readonly agentctlVersion: string;
  };
  readonly contentHash: string;
  readonly signature: {
    readonly algorithm: "ed25519";
    readonly publicKey: string;
    readonly value: string;
  };
}

export interface ReceiptCheck {
  /** Whether content and signature belong together. */
  readonly isGenuine: boolean;
  /** Whether this project's key signed it; `null` when the project has none. */
  readonly isOurs: boolean | null;
  /** Whether it is for the user that was asked about; `null` when none was. */
  readonly isForUser: boolean | null;
  /** SHA-256 of the public key, hexadecimal. */
  readonly keyFingerprint: string;
  readonly receipt: DeletionReceipt["receipt"];
}
