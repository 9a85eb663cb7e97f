/** English words that say nothing of the topic. Contractions appear as their parts: "don't" gives "don", "t". */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  `a an the this that these those there here it its i me my mine myself we us our ours you your yours he him his she
  her hers they them their theirs who whom whose which what when where why how if then than so as at by for from in
  into of off on onto out over to up upon with within without about after before again also and or but nor not no yes
  am is are was were be been being do does did doing done have has had having can could may might must shall should
  will would ought s t d m ll re ve don doesn didn isn aren wasn weren won wouldn couldn shouldn hasn haven hadn ain
  any all both each every few more most much many other another some such only own same too very just even still yet
  ever please thanks thank hello hi hey ok okay tell know let get got want need like would i'm im id ive
  because while during until between through via per vs etc eg ie one ones something anything someone anyone
  needs needed wants wanted gets getting gave give given gives take takes took taken make makes made
  possible really actually exactly happen happens say says said mean means long often`
    .split(/\s+/)
    .filter((word) => word !== ""),
);
