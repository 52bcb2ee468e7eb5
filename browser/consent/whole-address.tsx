const GROUP = /^0x|.{1,4}/g;

/** A whole address in groups of four, which people can compare one by one. The groups are for the eye: what is copied has no spaces. */
export const WholeAddress = ({ text }: { text: string }) => (
  <span class="whole-address">
    {(text.match(GROUP) ?? []).map((group, at) => (
      <span key={`${at} ${group}`}>{group}</span>
    ))}
  </span>
);
