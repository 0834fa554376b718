# Builds the page in web/ with Vite and puts it, with docs/openapi.yaml as JSON, into a target, as the
# definitions that alike/serve/assets.h declares. Node 20 or later is needed for the page; without it
# ALIKE_WEB=OFF makes a program whose page says that it was built without.
option(ALIKE_WEB "Build the page of alike serve (needs Node 20 or later)" ON)

function(alike_web target)
  set(web ${PROJECT_SOURCE_DIR}/web)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/assets_data.cpp)
  set(pages ${web}/no_page)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${web}/src/* ${web}/public/* ${web}/no_page/*)
  if(ALIKE_WEB)
    find_program(ALIKE_NPM npm HINTS $ENV{ALIKE_NODE}/bin REQUIRED)
    set(pages ${CMAKE_CURRENT_BINARY_DIR}/web)
    add_custom_command(OUTPUT ${pages}/index.html
      COMMAND ${PROJECT_SOURCE_DIR}/script/web ${pages}
      DEPENDS ${sources} ${web}/index.html ${web}/package-lock.json ${web}/vite.config.ts
              ${PROJECT_SOURCE_DIR}/docs/openapi.yaml ${PROJECT_SOURCE_DIR}/script/web
      VERBATIM)
    set(built ${pages}/index.html)
  endif()
  add_custom_command(OUTPUT ${out}
    COMMAND /usr/bin/python3 ${PROJECT_SOURCE_DIR}/cmake/embed_web.py ${pages}
            ${PROJECT_SOURCE_DIR}/docs/openapi.yaml ${out}
    DEPENDS ${built} ${sources} ${PROJECT_SOURCE_DIR}/cmake/embed_web.py
            ${PROJECT_SOURCE_DIR}/docs/openapi.yaml
    VERBATIM)
  target_sources(${target} PRIVATE ${out})
endfunction()
