import { OptionsView } from "./ui/options-view.tsx";

export default OptionsView;
