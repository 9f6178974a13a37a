import { OptionsView } from "./ui/options-view.tsx";

/** @public Shown by the build. */
export default OptionsView;
