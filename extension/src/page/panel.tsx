import React from "react";
export const x = <p>hi</p>;
